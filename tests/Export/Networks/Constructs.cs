using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests.Networks;

// What C# has to offer in a forward.

internal sealed class Lambdas : Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> _layers;
    private readonly Func<Tensor, Tensor> _activation;

    public Lambdas(Func<Tensor, Tensor> activation) : base(nameof(Lambdas))
    {
        _layers = new ModuleList<Linear>(Linear(6, 6), Linear(6, 6), Linear(6, 6));
        _activation = activation;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var scale = x.shape[1] / 3f;
        // Library methods run the lambdas: one captures, one does not.
        var y = _layers.Aggregate(x, (value, layer) => _activation(layer.call(value)) * scale);
        return new[] { y, x }.Select(value => value.abs() + 1).Aggregate((a, b) => a / b);
    }
}

internal sealed class Iterators : Module<Tensor, Tensor>
{
    private readonly ModuleList<Linear> _layers;

    public Iterators() : base(nameof(Iterators))
    {
        _layers = new ModuleList<Linear>(Linear(6, 6), Linear(6, 6));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var sum = x;
        foreach (var value in Values(x)) sum = sum + value;
        return sum;
    }

    private IEnumerable<Tensor> Values(Tensor x)
    {
        foreach (var layer in _layers)
        {
            x = layer.call(x).tanh();
            yield return x * 2;
        }
    }
}

internal sealed class Dictionaries : Module<Tensor, Tensor>
{
    private readonly ModuleDict<Module<Tensor, Tensor>> _branches;

    public Dictionaries() : base(nameof(Dictionaries))
    {
        _branches = ModuleDict<Module<Tensor, Tensor>>(("left", Linear(6, 3)), ("right", Sequential(Linear(6, 4), ReLU())));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var results = new Dictionary<string, Tensor>();
        foreach (var (name, branch) in _branches.Keys.Zip(_branches.Values)) results[name] = branch.call(x);
        return cat([results["right"], results["left"]], 1);
    }
}

internal abstract class Template(string name) : Module<Tensor, Tensor>(name)
{
    protected virtual double Gain => 1;

    public override Tensor forward(Tensor x) => Body(x) * Gain + Skip(x);

    protected abstract Tensor Body(Tensor x);

    protected virtual Tensor Skip(Tensor x) => x;
}

internal class Inherited : Template
{
    private readonly Linear _linear;

    public Inherited() : base(nameof(Inherited))
    {
        _linear = Linear(6, 6);
        RegisterComponents();
    }

    protected override double Gain => 0.5;

    protected override Tensor Body(Tensor x) => _linear.call(x).sigmoid();
}

internal sealed class InheritedMore : Inherited
{
    public override Tensor forward(Tensor x) => base.forward(x).relu();

    protected override Tensor Skip(Tensor x) => base.Skip(x) * 2;
}

internal sealed class Generic<TNorm> : Module<Tensor, Tensor> where TNorm : Module<Tensor, Tensor>
{
    private readonly TNorm _norm;
    private readonly Conv2d _conv;

    public Generic(TNorm norm) : base(nameof(Generic<>))
    {
        _norm = norm;
        _conv = Conv2d(4, 4, 3, padding: Padding.Same);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => Twice(_norm.call(_conv.call(x)));

    private static T Twice<T>(T value) where T : Tensor => (T)(value * 2);
}

internal enum Activation
{
    Relu,
    Swish,
    Gelu,
}

internal sealed class Switches : Module<Tensor, Tensor>
{
    private readonly Activation _kind;
    private readonly Linear _linear;

    public Switches(Activation kind) : base(nameof(Switches))
    {
        _kind = kind;
        _linear = Linear(6, 6);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _kind switch
    {
        Activation.Relu => F.relu(_linear.call(x)),
        Activation.Swish when _linear.call(x) is var y => y * y.sigmoid(),
        Activation.Gelu => F.gelu(_linear.call(x)),
        _ => throw new NotSupportedException(),
    };
}

internal sealed class Structures : Module<Tensor, Tensor>
{
    private readonly Linear _linear;

    public Structures() : base(nameof(Structures))
    {
        _linear = Linear(6, 12);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var parts = new Pair(_linear.call(x));
        Split(parts.Whole, out var first, out var second);
        return parts.Sum() + Power(first, 3) - second.Half() + (Complexish.Of(first) * Complexish.Of(second)).Real;
    }

    private static void Split(Tensor x, out Tensor first, out Tensor second)
    {
        var halves = x.chunk(2, 1);
        (first, second) = (halves[0], halves[1]);
    }

    private static Tensor Power(Tensor x, int exponent) => exponent == 0 ? ones_like(x) : x * Power(x, exponent - 1);

    private readonly struct Pair(Tensor whole)
    {
        public Tensor Whole { get; } = whole;

        public Tensor Sum() => Whole[.., ..6] + Whole[.., 6..];
    }

    private sealed record Complexish(Tensor Real, Tensor Imaginary)
    {
        public static Complexish Of(Tensor x) => new(x.cos(), x.sin());

        public static Complexish operator *(Complexish a, Complexish b) => new(
            a.Real * b.Real - a.Imaginary * b.Imaginary, a.Real * b.Imaginary + a.Imaginary * b.Real);
    }
}

internal static class TensorExtensions
{
    public static Tensor Half(this Tensor x) => x / 2;
}

internal sealed class Scopes : Module<Tensor, Tensor>
{
    private readonly Linear _linear;

    public Scopes() : base(nameof(Scopes))
    {
        _linear = Linear(6, 6);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        Tensor result;
        using (var scope = NewDisposeScope())
        {
            try
            {
                var y = _linear.call(x);
                using var clipped = y.clamp(-1, 1);
                result = scope.MoveToOuter(clipped + y);
            }
            catch (ArgumentException)
            {
                result = x;
            }
            finally
            {
                GC.KeepAlive(x);
            }
        }
        lock (_linear) return result;
    }
}

internal sealed class LazyMask : Module<Tensor, Tensor>
{
    private Tensor? _mask;

    public LazyMask() : base(nameof(LazyMask)) { }

    public override Tensor forward(Tensor x)
    {
        _mask ??= tril(ones(x.shape[1], x.shape[1])).DetachFromDisposeScope();
        return matmul(_mask, x);
    }
}

internal sealed class InPlace : Module<Tensor, Tensor>
{
    public InPlace() : base(nameof(InPlace)) { }

    public override Tensor forward(Tensor x)
    {
        var y = x * 2;
        y.add_(1).mul_(x);
        y[.., 1] = 5f;
        y[.., 2..4] = x[.., ..2];
        F.relu(y, inplace: true);
        return y;
    }
}

internal sealed class Sizes : Module<Tensor, Tensor>
{
    public Sizes() : base(nameof(Sizes)) { }

    public override Tensor forward(Tensor x)
    {
        var n = x.shape[0];
        var rows = arange(n, dtype: ScalarType.Float32).view(n, 1, 1);
        var y = cat([x, zeros(n, 1, x.shape[2]), ones_like(x)], 1).view(n * 2, -1);
        y = y.view(2, n, -1).transpose(0, 1).reshape(n, -1, x.shape[2]) + rows;
        // The batch as a number, in C#.
        return y.sum(0, keepdim: true).expand(n, -1, -1) / n + y[(int)(n - 1)];
    }
}

internal sealed class Indices : Module<Tensor, Tensor>
{
    private readonly Tensor _places;

    public Indices() : base(nameof(Indices))
    {
        _places = tensor(new long[] { 3, 0, 2 });
        register_buffer("places", _places);
    }

    public override Tensor forward(Tensor x) => cat(
    [
        x[TensorIndex.Ellipsis, 1..3], x[.., 0].unsqueeze(1)[.., .., ..2], x[.., .., TensorIndex.Tensor(_places)].mean([2], keepdim: true)
            .expand(-1, -1, 2), x[.., TensorIndex.Slice(null, null, 2)][.., .., ^2..], x.flip(2)[.., TensorIndex.None, -1, ..2],
    ], 1);
}

internal sealed class Hooked : Module<Tensor, Tensor>
{
    private readonly Linear _linear;

    public Hooked() : base(nameof(Hooked))
    {
        _linear = Linear(6, 6);
        _linear.register_forward_hook((_, _, output) => output * 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _linear.call(x);
}

internal sealed class Optional : Module<Tensor, Tensor>
{
    private readonly Linear _linear;

    public Optional() : base(nameof(Optional))
    {
        _linear = Linear(6, 6);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => forward(x, null);

    public Tensor forward(Tensor x, Tensor? skip, double scale = 2) => _linear.call(x) * scale + (skip ?? x);
}

internal sealed class Several : Module<Tensor, Tensor[]>
{
    public Several() : base(nameof(Several)) { }

    public override Tensor[] forward(Tensor x)
    {
        var (values, places) = x.topk(2, dim: 1);
        return [values, places, x > 0, x];
    }
}

internal sealed class ConstantSubgraph : Module<Tensor, Tensor>
{
    private readonly Parameter _weight;

    public ConstantSubgraph() : base(nameof(ConstantSubgraph))
    {
        _weight = new Parameter(randn(6, 6));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        // An orthogonal matrix from the weight alone, by what ONNX has no operator for.
        var (q, _) = linalg.qr(_weight);
        return x.matmul(q) * (float)_weight.norm().item<float>();
    }
}
