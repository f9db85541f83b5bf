using GanPipeline.Export;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>Networks as their users write them, by the same names as in peers/pytorch/export.py.</summary>
internal static class ExportNetworks
{
    public static readonly (string Name, Func<Module> Make, ModelInput Input, int Batch)[] All =
    [
        ("dense", Dense, ModelInput.Normal("input", [100]), 64),
        ("dcgan", Dcgan, ModelInput.Normal("input", [100]), 16),
        ("upsampling", Upsampling, ModelInput.Normal("input", [100]), 16),
        ("resnet18", () => TorchSharp.torchvision.models.resnet18(), ModelInput.Normal("input", [3, 224, 224]), 2),
        ("unet", () => new UNet(), ModelInput.Normal("input", [3, 64, 64]), 4),
        ("transformer", () => new TextEncoder(), ModelInput.Integers("input", [32], 1000), 8),
    ];

    private static Sequential Dense()
    {
        List<Module<Tensor, Tensor>> layers = [];
        var width = 100;
        foreach (var wider in (int[])[256, 512, 1024])
        {
            layers.AddRange([Linear(width, wider), LeakyReLU(0.2), BatchNorm1d(wider)]);
            width = wider;
        }
        return Sequential([.. layers, Linear(width, 784), Tanh()]);
    }

    private static Sequential Dcgan()
    {
        var width = 64 << 3;
        List<Module<Tensor, Tensor>> layers =
        [
            Unflatten(1, [100, 1, 1]), ConvTranspose2d(100, width, 4, bias: false), BatchNorm2d(width, eps: 1e-3), LeakyReLU(0.2),
        ];
        for (var stage = 0; stage < 3; stage++, width /= 2)
            layers.AddRange(
            [
                ConvTranspose2d(width, width / 2, 4, stride: 2, padding: 1, bias: false), BatchNorm2d(width / 2, eps: 1e-3), LeakyReLU(0.2),
            ]);
        return Sequential([.. layers, ConvTranspose2d(width, 3, 4, stride: 2, padding: 1, bias: false), Tanh()]);
    }

    private static Sequential Upsampling()
    {
        List<Module<Tensor, Tensor>> layers = [Linear(100, 128 * 8 * 8), Unflatten(1, [128, 8, 8]), BatchNorm2d(128)];
        foreach (var width in (int[])[128, 64])
            layers.AddRange([Upsample(scale_factor: [2, 2]), Conv2d(128, width, 3, padding: 1), BatchNorm2d(width), LeakyReLU(0.2)]);
        return Sequential([.. layers, Conv2d(64, 3, 3, padding: 1), Tanh()]);
    }

    /// <summary>Ronneberger et al. 2015, with padding.</summary>
    private sealed class UNet : Module<Tensor, Tensor>
    {
        private readonly Sequential _down1 = Block(3, 32), _down2 = Block(32, 64), _bottom = Block(64, 128);
        private readonly ConvTranspose2d _up2 = ConvTranspose2d(128, 64, 2, stride: 2), _up1 = ConvTranspose2d(64, 32, 2, stride: 2);
        private readonly Sequential _join2 = Block(128, 64), _join1 = Block(64, 32);
        private readonly Conv2d _last = Conv2d(32, 1, 1);

        public UNet() : base(nameof(UNet)) => RegisterComponents();

        public override Tensor forward(Tensor x)
        {
            var first = _down1.call(x);
            var second = _down2.call(functional.max_pool2d(first, 2));
            x = _bottom.call(functional.max_pool2d(second, 2));
            x = _join2.call(cat([second, _up2.call(x)], 1));
            x = _join1.call(cat([first, _up1.call(x)], 1));
            return _last.call(x);
        }

        private static Sequential Block(int channels, int width) => Sequential(
            Conv2d(channels, width, 3, padding: 1, bias: false), BatchNorm2d(width), ReLU(),
            Conv2d(width, width, 3, padding: 1, bias: false), BatchNorm2d(width), ReLU());
    }

    /// <summary>A layer of a transformer's encoder (Vaswani et al. 2017), normalised first.</summary>
    private sealed class Encoder : Module<Tensor, Tensor>
    {
        private readonly int _heads;
        private readonly LayerNorm _norm1, _norm2;
        private readonly Linear _qkv, _project, _wide, _narrow;

        public Encoder(int width, int heads) : base(nameof(Encoder))
        {
            _heads = heads;
            (_norm1, _norm2) = (LayerNorm(width), LayerNorm(width));
            (_qkv, _project) = (Linear(width, 3 * width), Linear(width, width));
            (_wide, _narrow) = (Linear(width, 4 * width), Linear(4 * width, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
            var qkv = _qkv.call(_norm1.call(x)).view(batch, length, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4);
            var (q, k, v) = (qkv[0], qkv[1], qkv[2]);
            var weights = softmax(q.matmul(k.transpose(-2, -1)) * Math.Pow(width / _heads, -0.5), -1);
            x = x + _project.call(weights.matmul(v).transpose(1, 2).reshape(batch, length, width));
            return x + _narrow.call(functional.gelu(_wide.call(_norm2.call(x))));
        }
    }

    private sealed class TextEncoder : Module<Tensor, Tensor>
    {
        private readonly Embedding _words = Embedding(1000, 128);
        private readonly Parameter _places = Parameter(zeros(1, 32, 128));
        private readonly Sequential _layers = Sequential([.. Enumerable.Range(0, 4).Select(_ => new Encoder(128, 4))]);
        private readonly LayerNorm _norm = LayerNorm(128);

        public TextEncoder() : base(nameof(TextEncoder)) => RegisterComponents();

        public override Tensor forward(Tensor tokens) => _norm.call(_layers.call(_words.call(tokens) + _places)).mean([1]);
    }
}
