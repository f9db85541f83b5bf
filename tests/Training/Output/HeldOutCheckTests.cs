using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

public class HeldOutCheckTests
{
    private static readonly ImageShape _shape = new(1, 4, 4);

    /// <summary>Judges an image by its mean; the generator draws black, whatever the latent.</summary>
    private sealed class Mean : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _unused = Linear(1, 1);

        public Mean() : base("mean") => RegisterComponents();

        public override Tensor forward(Tensor x) => x.flatten(1).mean([1], keepdim: true);
    }

    private sealed class Black : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _unused = Linear(1, 1);

        public Black() : base("black") => RegisterComponents();

        public override Tensor forward(Tensor x) => zeros(x.shape[0], 1, 4, 4) - 1 + 0.1 * x.narrow(1, 0, 1).reshape(-1, 1, 1, 1);
    }

    private sealed class Plain(byte brightness, int count = 300) : IImageSource
    {
        public string Name => $"plain {brightness}";
        public int Count => count;
        public ImageShape Shape => _shape;
        public IReadOnlyList<string> Classes => [];
        public string Fingerprint => Name;
        public int Skipped => 0;
        public IReadOnlyList<SkippedImage> SkippedImages => [];
        public int Label(int index) => -1;

        public bool TryRead(int index, Span<byte> pixels)
        {
            pixels.Fill((byte)(brightness + index % 3));
            return true;
        }

        public void Dispose() { }
    }

    private static double? Ratio(IImageSource training, IImageSource heldOut)
    {
        using var networks = new GanNetworks(new ArchitectureOptions { Shape = _shape, LatentSize = 2 }, new Black(), new Mean());
        networks.Discriminator.train();
        var ratio = new HeldOutCheck(networks, training, heldOut, null)
            .Ratio(new GeneratorInTraining(networks, networks.Generator, training, null, step: 0));
        Assert.True(networks.Discriminator.training);
        return ratio;
    }

    [Fact]
    public void Held_out_images_are_placed_between_training_images_and_samples()
    {
        Assert.Equal(0, Ratio(new Plain(200), new Plain(200))!.Value, 0.02);
        Assert.Equal(0.5, Ratio(new Plain(200), new Plain(100))!.Value, 0.02);
        Assert.Equal(1, Ratio(new Plain(200), new Plain(0))!.Value, 0.02);
    }

    [Fact]
    public void Where_training_images_are_not_told_from_samples_it_means_nothing() => Assert.Null(Ratio(new Plain(0), new Plain(200)));
}
