using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests.Networks;

// Generators and discriminators as TorchSharp users write them: fields, a forward, and nothing for an exporter.

internal sealed class DcganGenerator : Module<Tensor, Tensor>
{
    private readonly Sequential _main;

    public DcganGenerator(int latents = 100, int filters = 16, int channels = 3) : base(nameof(DcganGenerator))
    {
        _main = Sequential(
            ConvTranspose2d(latents, filters * 8, 4, 1, 0, bias: false), BatchNorm2d(filters * 8), ReLU(true),
            ConvTranspose2d(filters * 8, filters * 4, 4, 2, 1, bias: false), BatchNorm2d(filters * 4), ReLU(true),
            ConvTranspose2d(filters * 4, filters * 2, 4, 2, 1, bias: false), BatchNorm2d(filters * 2), ReLU(true),
            ConvTranspose2d(filters * 2, filters, 4, 2, 1, bias: false), BatchNorm2d(filters), ReLU(true),
            ConvTranspose2d(filters, channels, 4, 2, 1, bias: false), Tanh());
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _main.forward(input);
}

internal sealed class DcganDiscriminator : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _main;

    public DcganDiscriminator(int channels = 3, int filters = 16) : base(nameof(DcganDiscriminator))
    {
        _main = Sequential(
            ("conv0", Conv2d(channels, filters, 4, 2, 1, bias: false)), ("act0", LeakyReLU(0.2)),
            ("conv1", Conv2d(filters, filters * 2, 4, 2, 1, bias: false)), ("bn1", BatchNorm2d(filters * 2)), ("act1", LeakyReLU(0.2)),
            ("conv2", Conv2d(filters * 2, filters * 4, 4, 2, 1, bias: false)), ("bn2", BatchNorm2d(filters * 4)), ("act2", LeakyReLU(0.2)),
            ("conv3", Conv2d(filters * 4, filters * 8, 4, 2, 1, bias: false)), ("bn3", BatchNorm2d(filters * 8)), ("act3", LeakyReLU(0.2)),
            ("conv4", Conv2d(filters * 8, 1, 4, 1, 0, bias: false)), ("sigmoid", Sigmoid()));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var _ = NewDisposeScope();
        return _main.forward(x).view(-1).MoveToOuterDisposeScope();
    }
}

internal sealed class DenseGenerator : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> _layers;
    private readonly Module<Tensor, Tensor> _last;

    public DenseGenerator() : base(nameof(DenseGenerator))
    {
        _layers = ModuleList<Module<Tensor, Tensor>>(
            Linear(100, 128), BatchNorm1d(128), LeakyReLU(0.2), Linear(128, 256), BatchNorm1d(256), LeakyReLU(0.2));
        _last = Linear(256, 784);
        RegisterComponents();
    }

    public override Tensor forward(Tensor z)
    {
        foreach (var layer in _layers) z = layer.call(z);
        return _last.call(z).tanh().view(-1, 1, 28, 28);
    }
}

internal sealed class ConditionalGenerator : Module<Tensor, Tensor, Tensor>
{
    private readonly Embedding _embedding;
    private readonly Module<Tensor, Tensor> _project, _main;

    public ConditionalGenerator() : base(nameof(ConditionalGenerator))
    {
        _embedding = Embedding(10, 50);
        _project = Linear(100 + 50, 32 * 7 * 7);
        _main = Sequential(
            BatchNorm2d(32), Upsample(scale_factor: [2, 2]), Conv2d(32, 16, 3, padding: 1), BatchNorm2d(16, eps: 0.8), LeakyReLU(0.2),
            Conv2d(16, 1, 3, padding: 1), Tanh());
        RegisterComponents();
    }

    public override Tensor forward(Tensor z, Tensor labels)
    {
        var x = cat([z, _embedding.call(labels)], -1);
        x = _project.call(x).view(x.shape[0], 32, 7, 7);
        return _main.call(x);
    }
}

internal sealed class LabelPlanesDiscriminator : Module<Tensor, Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _main;

    public LabelPlanesDiscriminator() : base(nameof(LabelPlanesDiscriminator))
    {
        _main = Sequential(Conv2d(11, 8, 4, 2, 1), LeakyReLU(0.2), Flatten(), Linear(8 * 8 * 8, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor image, Tensor labels)
    {
        var planes = F.one_hot(labels, 10).to_type(ScalarType.Float32).unsqueeze(-1).unsqueeze(-1)
            .expand(-1, -1, image.shape[2], image.shape[3]);
        return _main.call(cat([image, planes], 1));
    }
}

/// <summary>Miyato and Koyama 2018: the label's embedding times the features.</summary>
internal sealed class ProjectionDiscriminator : Module<Tensor, Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _features, _linear;
    private readonly Embedding _embedding;

    public ProjectionDiscriminator() : base(nameof(ProjectionDiscriminator))
    {
        _features = Sequential(Conv2d(3, 8, 3, 2, 1), ReLU(), Conv2d(8, 16, 3, 2, 1), ReLU());
        _linear = Linear(16, 1);
        _embedding = Embedding(5, 16);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor y)
    {
        var h = _features.call(x).sum([2, 3]);
        return _linear.call(h) + (_embedding.call(y) * h).sum(1, keepdim: true);
    }
}

internal sealed class CycleGanGenerator : Module<Tensor, Tensor>
{
    private readonly Sequential _model;

    public CycleGanGenerator() : base(nameof(CycleGanGenerator))
    {
        _model = Sequential(
            ReflectionPad2d(3), Conv2d(3, 8, 7), InstanceNorm2d(8), ReLU(), Conv2d(8, 16, 3, 2, 1), InstanceNorm2d(16), ReLU(),
            new Block(16), new Block(16),
            ConvTranspose2d(16, 8, 3, 2, 1, 1), InstanceNorm2d(8), ReLU(), ReflectionPad2d(3), Conv2d(8, 3, 7), Tanh());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _model.call(x);

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Sequential _block;

        public Block(int filters) : base(nameof(Block))
        {
            _block = Sequential(
                ReflectionPad2d(1), Conv2d(filters, filters, 3), InstanceNorm2d(filters), ReLU(), ReflectionPad2d(1),
                Conv2d(filters, filters, 3), InstanceNorm2d(filters));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => x + _block.call(x);
    }
}

internal sealed class PixelNorm() : Module<Tensor, Tensor>(nameof(PixelNorm))
{
    public override Tensor forward(Tensor x) => x * rsqrt(mean(x * x, [1], keepdim: true) + 1e-8);
}

internal sealed class ProgressiveGenerator : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _norm, _project, _block, _small, _large;
    private readonly double _alpha = 0.3;

    public ProgressiveGenerator() : base(nameof(ProgressiveGenerator))
    {
        _norm = new PixelNorm();
        _project = Linear(32, 16 * 4 * 4);
        _block = Sequential(Conv2d(16, 16, 3, padding: 1), LeakyReLU(0.2), new PixelNorm());
        (_small, _large) = (Conv2d(16, 3, 1), Conv2d(16, 3, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor z)
    {
        var x = _project.call(_norm.call(z)).reshape(-1, 16, 4, 4);
        x = F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);
        // Faded in, as while it grows.
        return (1 - _alpha) * _small.call(x) + _alpha * _large.call(_block.call(x)).tanh();
    }
}

internal sealed class MinibatchDeviation : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _conv, _linear;

    public MinibatchDeviation() : base(nameof(MinibatchDeviation))
    {
        _conv = Conv2d(3, 8, 3, padding: 1);
        _linear = Linear(9 * 8 * 8, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = _conv.call(x);
        var deviation = x.std(0, unbiased: false).mean().view(1, 1, 1, 1).expand(x.shape[0], 1, x.shape[2], x.shape[3]);
        x = cat([x, deviation], 1);
        return _linear.call(x.flatten(1));
    }
}

/// <summary>Zhang et al. 2018.</summary>
internal sealed class SelfAttention : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _query, _key, _value;
    private readonly Parameter _gamma;

    public SelfAttention(int channels = 16) : base(nameof(SelfAttention))
    {
        _query = Conv2d(channels, channels / 8, 1);
        _key = Conv2d(channels, channels / 8, 1);
        _value = Conv2d(channels, channels, 1);
        _gamma = new Parameter(ones(1) * 0.3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var q = _query.call(x).view(n, -1, h * w).permute(0, 2, 1);
        var k = _key.call(x).view(n, -1, h * w);
        var attention = F.softmax(bmm(q, k), -1);
        var result = bmm(_value.call(x).view(n, -1, h * w), attention.permute(0, 2, 1)).view(n, c, h, w);
        return _gamma * result + x;
    }
}

/// <summary>Spectral normalisation by hand, with one step of the power iteration.</summary>
internal sealed class SpectralConvolution : Module<Tensor, Tensor>
{
    private readonly Parameter _weight, _bias;
    private readonly Tensor _u;

    public SpectralConvolution() : base(nameof(SpectralConvolution))
    {
        _weight = new Parameter(randn(8, 3, 3, 3));
        _bias = new Parameter(zeros(8));
        _u = F.normalize(randn(8), dim: 0);
        register_buffer("u", _u);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var w = _weight.view(8, -1);
        var v = F.normalize(mv(w.t(), _u), dim: 0);
        var next = F.normalize(mv(w, v), dim: 0);
        var sigma = dot(next, mv(w, v));
        return F.leaky_relu(F.conv2d(x, _weight / sigma, _bias, strides: [2, 2], padding: [1, 1]), 0.1);
    }
}

/// <summary>Adaptive instance normalisation, as in StyleGAN: a style's halves scale and shift.</summary>
internal sealed class AdaptiveNorm : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear _style;
    private readonly InstanceNorm2d _norm;

    public AdaptiveNorm() : base(nameof(AdaptiveNorm))
    {
        _style = Linear(8, 32);
        _norm = InstanceNorm2d(16);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor s)
    {
        var h = _style.call(s);
        h = h.view(h.size(0), h.size(1), 1, 1);
        var halves = h.chunk(2, 1);
        return (1 + halves[0]) * _norm.call(x) + halves[1];
    }
}

/// <summary>A mapping network, a learned constant, noise as an input, and modulated convolutions, after StyleGAN2.</summary>
internal sealed class StyleGenerator : Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential _mapping;
    private readonly Parameter _start, _weight, _strength;
    private readonly Linear _affine;
    private readonly Conv2d _toRgb;

    public StyleGenerator() : base(nameof(StyleGenerator))
    {
        _mapping = Sequential(new PixelNorm(), Linear(16, 16), LeakyReLU(0.2), Linear(16, 16), LeakyReLU(0.2));
        _start = new Parameter(randn(1, 8, 4, 4));
        _weight = new Parameter(randn(8, 8, 3, 3));
        _strength = new Parameter(ones(1) * 0.1);
        _affine = Linear(16, 8);
        _toRgb = Conv2d(8, 3, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor z, Tensor noise)
    {
        var style = _affine.call(_mapping.call(z)) + 1;
        var x = _start.expand(z.shape[0], -1, -1, -1) * style.view(-1, 8, 1, 1);
        x = F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Bilinear, align_corners: false);
        // Demodulation: the weights' norm under this style.
        var demodulated = rsqrt(matmul(style * style, (_weight * _weight).sum([2, 3]).t()) + 1e-8);
        x = F.conv2d(x, _weight, padding: [1, 1]) * demodulated.unsqueeze(-1).unsqueeze(-1);
        return _toRgb.call(F.leaky_relu(x + noise * _strength, 0.2)).tanh();
    }
}

internal sealed class VariationalAutoencoder : Module<Tensor, Tensor>
{
    private readonly Linear _encoder, _decoder;

    public VariationalAutoencoder() : base(nameof(VariationalAutoencoder))
    {
        _encoder = Linear(20, 8);
        _decoder = Linear(4, 20);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var h = _encoder.call(x);
        var mu = h[.., ..4];
        var logVariance = h[.., 4..];
        if (training) mu = mu + randn_like(mu) * (logVariance * 0.5).exp();
        return _decoder.call(mu).sigmoid();
    }
}

internal sealed class SuperResolution : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _first, _second, _shuffle;

    public SuperResolution() : base(nameof(SuperResolution))
    {
        _first = Conv2d(1, 16, 5, padding: 2);
        _second = Conv2d(16, 4, 3, padding: 1);
        _shuffle = PixelShuffle(2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _shuffle.call(_second.call(tanh(_first.call(x))));
}

/// <summary>Isola et al. 2017: a picture and its translation, judged patch by patch.</summary>
internal sealed class PatchDiscriminator : Module<Tensor, Tensor, Tensor>
{
    private readonly Sequential _main;

    public PatchDiscriminator() : base(nameof(PatchDiscriminator))
    {
        _main = Sequential(
            Conv2d(6, 8, 4, 2, 1), LeakyReLU(0.2), Conv2d(8, 16, 4, 2, 1, bias: false), BatchNorm2d(16), LeakyReLU(0.2),
            ZeroPad2d(1), Conv2d(16, 1, 4, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor a, Tensor b) => _main.call(cat([a, b], 1));
}

/// <summary>Huang et al. 2024: residual blocks without normalisation, grouped convolutions, filtered resampling.</summary>
internal sealed class ModernDiscriminator : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> _fromRgb, _block, _linear;
    private readonly Tensor _filter;
    private readonly Parameter _basis;

    public ModernDiscriminator() : base(nameof(ModernDiscriminator))
    {
        _fromRgb = Conv2d(3, 16, 1);
        _block = new Residual(16);
        _linear = Linear(16, 1, hasBias: false);
        var row = tensor(new[] { 1f, 3, 3, 1 }) / 8;
        _filter = outer(row, row).view(1, 1, 4, 4).repeat(16, 1, 1, 1);
        register_buffer("filter", _filter);
        _basis = new Parameter(randn(16, 8, 8));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = _block.call(_fromRgb.call(x));
        x = F.conv2d(F.pad(x, (1, 1, 1, 1)), _filter, strides: [2, 2], groups: 16);
        return _linear.call((x * _basis).sum([2, 3])) / Math.Sqrt(8 * 8);
    }

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Conv2d _narrow, _grouped, _wide;
        private readonly Parameter _bias1, _bias2;

        public Residual(int channels) : base(nameof(Residual))
        {
            _narrow = Conv2d(channels, channels * 2, 1, bias: false);
            _grouped = Conv2d(channels * 2, channels * 2, 3, padding: 1, groups: 8, bias: false);
            _wide = Conv2d(channels * 2, channels, 1, bias: false);
            (_bias1, _bias2) = (new Parameter(zeros(channels * 2)), new Parameter(zeros(channels * 2)));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var y = Activate(_narrow.call(x), _bias1);
            y = Activate(_grouped.call(y), _bias2);
            return x + _wide.call(y);
        }

        private static Tensor Activate(Tensor x, Tensor bias) => F.leaky_relu(x + bias.view(1, -1, 1, 1), 0.2) * Math.Sqrt(2);
    }
}
