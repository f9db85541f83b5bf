using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests.Networks;

internal sealed class BasicBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _conv1, _bn1, _conv2, _bn2;
    private readonly Module<Tensor, Tensor>? _down;

    public BasicBlock(int inputs, int outputs, int stride = 1) : base(nameof(BasicBlock))
    {
        _conv1 = Conv2d(inputs, outputs, 3, stride, 1, bias: false);
        _bn1 = BatchNorm2d(outputs);
        _conv2 = Conv2d(outputs, outputs, 3, 1, 1, bias: false);
        _bn2 = BatchNorm2d(outputs);
        if (stride != 1 || inputs != outputs) _down = Sequential(Conv2d(inputs, outputs, 1, stride, bias: false), BatchNorm2d(outputs));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var y = F.relu(_bn1.call(_conv1.call(x)));
        y = _bn2.call(_conv2.call(y));
        y += _down is null ? x : _down.call(x);
        return F.relu(y);
    }
}

internal sealed class SmallResNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _conv1, _bn1, _pool, _layer1, _layer2, _average, _linear;

    public SmallResNet(int classes = 10) : base(nameof(SmallResNet))
    {
        _conv1 = Conv2d(3, 16, 7, 2, 3, bias: false);
        _bn1 = BatchNorm2d(16);
        _pool = MaxPool2d(3, 2, 1);
        _layer1 = Sequential(new BasicBlock(16, 16), new BasicBlock(16, 16));
        _layer2 = Sequential(new BasicBlock(16, 32, 2), new BasicBlock(32, 32));
        _average = AdaptiveAvgPool2d(1L);
        _linear = Linear(32, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = _pool.call(F.relu(_bn1.call(_conv1.call(x))));
        x = _layer2.call(_layer1.call(x));
        x = _average.call(x);
        x = flatten(x, 1);
        return _linear.call(x);
    }
}

internal sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _down1, _down2, _middle, _up2, _joined2, _up1, _joined1, _pool, _last;

    public UNet() : base(nameof(UNet))
    {
        _down1 = Double(3, 8);
        _down2 = Double(8, 16);
        _middle = Double(16, 32);
        _pool = MaxPool2d(2);
        _up2 = ConvTranspose2d(32, 16, 2, 2);
        _joined2 = Double(32, 16);
        _up1 = Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear, align_corners: true);
        _joined1 = Double(24, 8);
        _last = Conv2d(8, 1, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var a = _down1.call(x);
        var b = _down2.call(_pool.call(a));
        var c = _middle.call(_pool.call(b));
        c = _joined2.call(cat([_up2.call(c), b], 1));
        c = _joined1.call(cat(new[] { _up1.call(c), a }, dim: 1));
        return sigmoid(_last.call(c));
    }

    private static Sequential Double(int inputs, int outputs) => Sequential(
        Conv2d(inputs, outputs, 3, padding: 1), BatchNorm2d(outputs), ReLU(), Conv2d(outputs, outputs, 3, padding: 1), ReLU());
}

internal sealed class GroupNormBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _conv, _norm, _drop;

    public GroupNormBlock() : base(nameof(GroupNormBlock))
    {
        _conv = Conv2d(3, 16, 3, padding: 1);
        _norm = GroupNorm(4, 16);
        _drop = Dropout(0.5);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => F.silu(_norm.call(_drop.call(_conv.call(x))));
}

internal sealed class DenseNet : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> _layers;

    public DenseNet() : base(nameof(DenseNet))
    {
        _layers = ModuleList<Module<Tensor, Tensor>>(
            Conv2d(3, 4, 3, padding: 1), Conv2d(7, 4, 3, padding: 1), Conv2d(11, 4, 3, padding: 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var features = new List<Tensor> { x };
        foreach (var layer in _layers) features.Add(F.relu(layer.call(cat(features.ToArray(), 1))));
        return cat(features.ToArray(), 1).mean([2, 3]);
    }
}

/// <summary>Squeeze and excitation, depthwise convolutions: an inverted residual of MobileNet.</summary>
internal sealed class InvertedResidual : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _expand, _depthwise, _project, _squeeze, _excite;

    public InvertedResidual() : base(nameof(InvertedResidual))
    {
        _expand = Sequential(Conv2d(8, 24, 1, bias: false), BatchNorm2d(24), ReLU6());
        _depthwise = Sequential(Conv2d(24, 24, 3, padding: 1, groups: 24, bias: false), BatchNorm2d(24), Hardswish());
        _project = Sequential(Conv2d(24, 8, 1, bias: false), BatchNorm2d(8));
        _squeeze = Linear(24, 6);
        _excite = Linear(6, 24);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var y = _depthwise.call(_expand.call(x));
        var scale = F.hardsigmoid(_excite.call(F.relu(_squeeze.call(F.adaptive_avg_pool2d(y, 1).flatten(1)))));
        return x + _project.call(y * scale[.., .., TensorIndex.None, TensorIndex.None]);
    }
}

/// <summary>An Inception module: branches side by side.</summary>
internal sealed class InceptionBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _one, _three, _five, _pooled;

    public InceptionBlock() : base(nameof(InceptionBlock))
    {
        _one = Conv2d(8, 4, 1);
        _three = Sequential(Conv2d(8, 4, 1), ReLU(), Conv2d(4, 6, 3, padding: 1));
        _five = Sequential(Conv2d(8, 2, 1), ReLU(), Conv2d(2, 4, 5, padding: 2));
        _pooled = Conv2d(8, 4, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var average = _pooled.call(F.avg_pool2d(x, 3, stride: 1, padding: 1));
        return cat(new[] { _one, _three, _five }.Select(branch => branch.call(x)).Append(average).ToArray(), 1).relu_();
    }
}

internal sealed class SubmoduleSequence : Module<Tensor, Tensor>
{
    private readonly Sequential _sequence;
    private readonly Conv2d _conv;

    public SubmoduleSequence() : base(nameof(SubmoduleSequence))
    {
        _sequence = Sequential(Conv2d(3, 8, 3, padding: 1), ReLU());
        _conv = Conv2d(8, 8, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = _sequence.call(x);
        return F.max_pool2d(x + _conv.call(x), 2).flatten(1);
    }
}

internal sealed class SharedWeights : Module<Tensor, Tensor>
{
    private readonly Linear _linear;

    public SharedWeights() : base(nameof(SharedWeights))
    {
        _linear = Linear(16, 16);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        for (var i = 0; i < 3; i++) x = F.relu(_linear.call(x));
        return F.linear(x, _linear.weight!.t());
    }
}

internal sealed class MixerBlock : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _patch, _tokens, _channels, _norm1, _norm2, _head;

    public MixerBlock() : base(nameof(MixerBlock))
    {
        _patch = Conv2d(3, 16, 4, 4);
        _tokens = Sequential(Linear(16, 32), GELU(), Linear(32, 16));
        _channels = Sequential(Linear(16, 32), GELU(), Linear(32, 16));
        (_norm1, _norm2) = (LayerNorm(16), LayerNorm(16));
        _head = Linear(16, 5);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = _patch.call(x).flatten(2).transpose(1, 2);
        x = x + _tokens.call(_norm1.call(x).transpose(1, 2)).transpose(1, 2);
        x = x + _channels.call(_norm2.call(x));
        return _head.call(x.mean([1]));
    }
}
