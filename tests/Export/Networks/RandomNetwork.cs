using CsCheck;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests.Networks;

/// <summary>Layers and functions with random settings one after the other, each of which fits what the one before gives.</summary>
internal sealed class RandomNetwork : Module<Tensor, Tensor>
{
    // What each step may be: given the shape so far, with the batch, and numbers to choose settings by.
    private static readonly (string Name, Func<long[], Choice, Module<Tensor, Tensor>?> Layer)[] _layers =
    [
        ("Linear", (shape, pick) => shape.Length > 1 ? Linear(shape[^1], pick.From(1, 8), hasBias: pick.Yes) : null),
        ("Conv1d", (shape, pick) => shape.Length == 3 ? Conv1d(shape[1], 2 * pick.From(1, 3), Kernel(shape[2], pick, out var padding),
            stride: pick.From(1, 3), padding: padding, dilation: 1, groups: shape[1] % 2 == 0 && pick.Yes ? 2 : 1, bias: pick.Yes) : null),
        ("Conv2d", (shape, pick) => shape.Length == 4 ? Conv2d(shape[1], 2 * pick.From(1, 3),
            Kernel(Math.Min(shape[2], shape[3]), pick, out var padding), stride: pick.From(1, 3), padding: padding,
            groups: shape[1] % 2 == 0 && pick.Yes ? 2 : 1, bias: pick.Yes,
            padding_mode: padding > 0 && padding < Math.Min(shape[2], shape[3]) ? pick.Of(PaddingModes.Zeros, PaddingModes.Reflect,
                PaddingModes.Replicate, PaddingModes.Circular) : PaddingModes.Zeros) : null),
        ("ConvTranspose2d", (shape, pick) =>
        {
            if (shape.Length != 4 || shape[2] * shape[3] > 100) return null;
            var stride = pick.From(1, 3);
            return ConvTranspose2d(shape[1], 2 * pick.From(1, 3), pick.From(2, 4), stride: stride, padding: pick.From(0, 1),
                output_padding: stride > 1 ? pick.From(0, stride - 1) : 0, bias: pick.Yes);
        }),
        ("ConvTranspose1d", (shape, pick) => shape.Length == 3 && shape[2] < 20
            ? ConvTranspose1d(shape[1], pick.From(1, 4), pick.From(2, 4), stride: pick.From(1, 3), bias: pick.Yes) : null),
        ("BatchNorm", (shape, pick) => shape.Length switch
        {
            2 or 3 => BatchNorm1d(shape[1], affine: pick.Yes),
            4 => BatchNorm2d(shape[1], affine: pick.Yes),
            5 => BatchNorm3d(shape[1], affine: pick.Yes),
            _ => null,
        }),
        ("InstanceNorm2d", (shape, pick) => shape.Length == 4 && shape[2] * shape[3] > 3
            ? InstanceNorm2d(shape[1], affine: pick.Yes) : null),
        ("LayerNorm", (shape, pick) => shape.Length > 1 && shape[^1] > 2 ? LayerNorm([shape[^1]], elementwise_affine: pick.Yes) : null),
        ("GroupNorm", (shape, _) => shape.Length > 2 && shape[1] % 2 == 0 && shape[2] > 2 ? GroupNorm(2, shape[1], affine: false) : null),
        ("MaxPool2d", (shape, pick) => shape.Length == 4 && Math.Min(shape[2], shape[3]) >= 3
            ? MaxPool2d(pick.From(2, 3), stride: pick.From(1, 3), padding: pick.From(0, 1), ceil_mode: pick.Yes) : null),
        ("AvgPool2d", (shape, pick) => shape.Length == 4 && Math.Min(shape[2], shape[3]) >= 3 ? AvgPool2d(pick.From(2, 3),
            stride: pick.From(1, 3), padding: pick.From(0, 1), ceil_mode: pick.Yes, count_include_pad: pick.Yes) : null),
        ("AvgPool1d", (shape, pick) => shape.Length == 3 && shape[2] >= 3
            ? AvgPool1d(pick.From(2, 3), stride: pick.From(1, 3), ceil_mode: pick.Yes) : null),
        ("AdaptiveAvgPool2d", (shape, pick) => shape.Length == 4
            ? AdaptiveAvgPool2d([pick.From(1, shape[2]), pick.From(1, shape[3])]) : null),
        ("AdaptiveMaxPool2d", (shape, pick) => shape.Length == 4
            ? AdaptiveMaxPool2d([pick.From(1, shape[2]), pick.From(1, shape[3])]) : null),
        ("Upsample", (shape, pick) => shape.Length == 4 && shape[2] * shape[3] < 100 ? Upsample(
            scale_factor: [pick.From(1, 3), pick.From(1, 3)], mode: pick.Of(UpsampleMode.Nearest, UpsampleMode.Bilinear)) : null),
        ("ReflectionPad2d", (shape, pick) => shape.Length == 4 && Math.Min(shape[2], shape[3]) > 2
            ? Sequential(ReflectionPad2d((pick.From(0, 2), pick.From(0, 2), pick.From(0, 2), pick.From(0, 2))), SiLU()) : null),
        ("PixelShuffle", (shape, _) => shape.Length == 4 && shape[1] % 4 == 0 ? PixelShuffle(2) : null),
        ("PixelUnshuffle", (shape, _) => shape.Length == 4 && shape[2] % 2 == 0 && shape[3] % 2 == 0 ? PixelUnshuffle(2) : null),
        ("Flatten", (shape, pick) => shape.Length > 2 ? Flatten(pick.From(1, shape.Length - 2)) : null),
        ("GRU", (shape, pick) => shape.Length == 3 && shape[1] < 8 ? new First(GRU(shape[2], pick.From(1, 6), numLayers: pick.From(1, 2),
            bias: pick.Yes, batchFirst: true, bidirectional: pick.Yes)) : null),
        ("Activation", (_, pick) => pick.Of<Func<Module<Tensor, Tensor>>>(
            () => ReLU(), () => LeakyReLU(0.2), () => ELU(), () => GELU(), () => SiLU(), () => Softplus(), () => Tanh(), () => Sigmoid(),
            () => Hardswish(), () => Mish(), () => SELU(), () => CELU(), () => Softsign(), () => Hardshrink(),
            () => ReLU(inplace: true))()),
    ];

    private static readonly (string Name, Func<Tensor, Choice, Tensor?> Function)[] _functions =
    [
        ("arithmetic", (x, pick) => pick.Of<Func<Tensor>>(
            () => x * 2 - 1, () => 1 - x, () => x / (x.abs() + 1), () => x + x.sin(), () => x * x, () => -x, () => x.abs().sqrt())()),
        ("skip", (x, _) => x + F.relu(x)),
        ("mean and deviation", (x, _) => x.ndim > 1 && x.shape[1] > 1
            ? (x - x.mean([1], keepdim: true)) / (x.std(1, unbiased: false, keepdim: true) + 1) : null),
        ("reduce", (x, pick) => x.ndim < 3 ? null : pick.Of<Func<long, Tensor>>(
            d => x.sum([d]), d => x.mean([d], keepdim: true), d => x.amax([d]), d => x.amin([d], keepdim: true), d => x.logsumexp(d),
            d => x.max(d).values, d => x.norm((int)d))(pick.From(1, x.ndim - 1))),
        ("softmax", (x, pick) => x.ndim < 2 ? null : x.softmax(pick.From(1, x.ndim - 1))),
        ("transpose", (x, pick) => x.ndim < 3 ? null : x.transpose(pick.From(1, x.ndim - 1), pick.From(1, x.ndim - 1))),
        ("permute", (x, _) => x.ndim == 4 ? x.permute(0, 2, 3, 1) : null),
        ("view", (x, pick) => x.ndim < 3 ? null : x.contiguous().view(x.shape[0], -1, x.shape[pick.From(1, x.ndim - 1)])),
        ("batch in the view", (x, _) => x.ndim < 3 ? null : (x.reshape(x.shape[0] * x.shape[1], -1) * 2).reshape(x.shape)),
        ("unsqueeze", (x, pick) => x.ndim > 3 ? null : x.unsqueeze(pick.From(1, x.ndim))),
        ("squeeze", (x, _) => x.ndim > 2 && x.shape[^1] == 1 ? x.squeeze(-1) : null),
        ("slice", (x, pick) =>
        {
            if (x.ndim < 2) return null;
            var axis = pick.From(1, x.ndim - 1);
            var start = pick.From(0, x.shape[axis] - 1);
            return x.slice(axis, start, pick.From(start + 1, x.shape[axis]), pick.From(1, 2));
        }),
        ("index", (x, pick) => x.ndim < 3 ? null : pick.Of<Func<Tensor>>(
            () => x[.., 0], () => x[.., -1], () => x[TensorIndex.Ellipsis, ..1], () => x[.., TensorIndex.None], () => x[.., ^1..])()),
        ("cat", (x, pick) => x.ndim < 2 || Elements(x) > 500 ? null : cat([x, x.tanh()], pick.From(1, x.ndim - 1))),
        ("stack", (x, pick) => x.ndim > 3 || Elements(x) > 500 ? null : stack([x, x * 2], pick.From(1, x.ndim))),
        ("chunk", (x, pick) =>
        {
            if (x.ndim < 2) return null;
            var axis = pick.From(1, x.ndim - 1);
            if (x.shape[axis] < 2) return null;
            var parts = x.chunk(2, axis);
            return pick.Yes ? parts[0] : parts[1] * 2;
        }),
        ("flip and roll", (x, pick) => x.ndim < 2 ? null : pick.Yes
            ? x.flip(pick.From(1, x.ndim - 1)) : x.roll(pick.From(-2, 2), pick.From(1, x.ndim - 1))),
        ("expand", (x, _) => x.ndim > 3 || Elements(x) > 300 ? null : x.unsqueeze(1).expand([x.shape[0], 3, .. x.shape[1..]]) * 1),
        ("repeat", (x, pick) => Elements(x) > 300 ? null : x.repeat([1, .. x.shape[1..].Select(_ => pick.From(1, 2))])),
        // ONNX Runtime 1.31 makes a Pad before a pooling part of it, even where that is more than a pooling takes: hence the sum.
        ("pad", (x, pick) => x.ndim < 2
            ? null : F.pad(x, (pick.From(0, 2), pick.From(0, 2)), PaddingModes.Constant, pick.From(-1, 1)) + 0.5),
        ("where", (x, _) => where(x > 0, x, x * 0.1)),
        ("clamp", (x, pick) => x.clamp(-pick.From(1, 2), pick.From(0, 2))),
        ("matmul", (x, _) => x.ndim != 3 || x.shape[1] > 40 ? null : x.bmm(x.transpose(1, 2)) / x.shape[2]),
        ("attention", (x, _) => x.ndim != 3 || x.shape[1] > 40 ? null : F.scaled_dot_product_attention(x, x, x)),
        ("topk", (x, pick) => x.ndim < 2 ? null : x.topk((int)pick.From(1, x.shape[^1])).values),
        ("cumsum", (x, pick) => x.ndim < 2 ? null : x.cumsum(pick.From(1, x.ndim - 1)) / 4),
        ("normalize", (x, pick) => x.ndim < 2 ? null : F.normalize(x, dim: pick.From(1, x.ndim - 1), eps: 0.1)),
        ("casts", (x, _) => (x * 4).to_type(ScalarType.Int64).to_type(ScalarType.Float32) / 4 + x),
        ("in place", (x, _) => (x * 1).add_(1).mul_(0.5)),
        ("batch mean", (x, _) => x - x.mean([0L], keepdim: true) / x.shape[0]),
        ("zeros", (x, _) => x.ndim < 2 ? null : cat([x, zeros([x.shape[0], .. x.shape[1..^1], 1])], -1)),
    ];

    private readonly List<Func<Tensor, Tensor>> _calls = [];

    public RandomNetwork(long[] shape, int[] choices) : base(nameof(RandomNetwork))
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        eval();
        var x = randn([2, .. shape]);
        foreach (var choice in choices)
            // The first from there on that fits.
            for (var i = 0; i < _layers.Length + _functions.Length; i++)
                if (TryAdd((choice + i) % (_layers.Length + _functions.Length), choice, ref x)) break;
        RegisterComponents();
        scope.Detach(parameters().Cast<IDisposable>().Concat(buffers()));
    }

    /// <summary>Shapes without the batch, and from what each step's settings follow.</summary>
    public static Gen<(long[] Shape, int[] Choices)> Any()
    {
        long[][] shapes = [[6], [4, 8], [4, 7, 6], [2, 3, 4, 5]];
        return Gen.Select(Gen.Int[0, shapes.Length - 1].Select(i => shapes[i]), Gen.Int[0, int.MaxValue].Array[1, 5]);
    }

    public List<string> Steps { get; } = [];

    public override Tensor forward(Tensor x)
    {
        foreach (var call in _calls) x = call(x);
        return x;
    }

    private bool TryAdd(int index, int choice, ref Tensor x)
    {
        Func<Tensor, Tensor> call;
        string name;
        Module<Tensor, Tensor>? made = null;
        if (index < _layers.Length)
        {
            if (_layers[index].Layer(x.shape, new Choice(choice)) is not { } layer) return false;
            layer.eval();
            made = layer;
            (call, name) = (layer.call, _layers[index].Name);
        }
        else
        {
            var function = _functions[index - _layers.Length].Function;
            if (function(x.alias(), new Choice(choice)) is null) return false;
            (call, name) = (value => function(value, new Choice(choice))!, _functions[index - _layers.Length].Name);
        }
        var result = call(x.clone());
        // Torch has tensors without elements, and ONNX Runtime's layers do not.
        if (result.numel() == 0) return false;
        x = result;
        if (made is not null) register_module($"layer{Steps.Count}", made);
        _calls.Add(call);
        Steps.Add($"{name} [{string.Join(", ", x.shape)}]");
        return true;
    }

    // Without the batch: what fits must fit at every one.
    private static long Elements(Tensor x) => x.numel() / x.shape[0];

    private static long Kernel(long size, Choice pick, out long padding)
    {
        var kernel = pick.From(1, Math.Min(size, 4));
        padding = pick.From(0, kernel / 2);
        return kernel;
    }

    /// <summary>Settings that follow from one number.</summary>
    private sealed class Choice(int seed)
    {
        private readonly Random _random = new(seed);

        public bool Yes => _random.Next(2) == 1;

        public long From(long low, long high) => _random.NextInt64(low, high + 1);

        public T Of<T>(params T[] options) => options[_random.Next(options.Length)];
    }

    /// <summary>A recurrent layer's outputs.</summary>
    private sealed class First : Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.GRU _layer;

        public First(TorchSharp.Modules.GRU layer) : base(nameof(First))
        {
            _layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => _layer.call(x).Item1;
    }
}
