using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The architectures that come with the project.</summary>
public static class Architectures
{
    private static readonly Dictionary<string, Architecture> _all = new(StringComparer.Ordinal)
    {
        ["dense"] = new(DenseGan.Create, "images of any size", _ => true, Latent: 100, Filters: 64, Dropout: 0.3),
        ["upsampling"] = new(UpsamplingGan.Create, "images whose sides are multiples of 8 pixels", UpsamplingGan.Fits, Latent: 100,
            Filters: 64, Dropout: 0.25),
        ["dcgan"] = new(Dcgan.Create, Dcgan.Images, Dcgan.Fits, Latent: 100, Filters: 64, Dropout: 0.3),
        ["wgan-gp"] = new(WganGp.Create, Dcgan.Images, Dcgan.Fits, Latent: 128, Filters: 64, Dropout: 0),
        ["transfer"] = new(TransferGan.Create, "square images with a side of 32 pixels", TransferGan.Fits, Latent: 256, Filters: 128,
            Dropout: 0),
        ["residual"] = new(ResidualGan.Create, Dcgan.Images, ResidualGan.Fits, Latent: 64, Filters: 32, Dropout: 0, Blocks: 2),
        ["growing"] = new(GrowingGan.Create, Dcgan.Images, Dcgan.Fits, Latent: 512, Filters: 64, Dropout: 0),
        ["text-to-image"] = new(TextToImage.Create, Dcgan.Images, Dcgan.Fits, Latent: 100, Filters: 64, Dropout: 0, TellsTexts: true),
        ["pix2pix"] = new(Pix2Pix.Create, Pix2Pix.Images, Pix2Pix.Fits, Latent: 0, Filters: 64, Dropout: 0.5, Translates: true),
        ["cyclegan"] = new(CycleGan.Create, Pix2Pix.Images, Pix2Pix.Fits, Latent: 0, Filters: 64, Dropout: 0, Blocks: 6, Translates: true,
            Cycles: true),
        ["pose"] = new(PoseGan.Create, Pix2Pix.Images, Pix2Pix.Fits, Latent: 0, Filters: 64, Dropout: 0, Translates: true, Poses: true),
    };

    /// <summary>Their names, as <see cref="ArchitectureOptions.Name"/> gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. _all.Keys];

    /// <summary>Finds what is wrong with options, without building anything.</summary>
    /// <exception cref="ArgumentException">The name is unknown, a value is out of its range, or the architecture makes no images of this
    /// size; the message says what would be right. See <see cref="ArchitectureOptions.Problems"/>.</exception>
    public static void Check(ArchitectureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (_, problem) in options.Problems()) throw new ArgumentException(problem);
    }

    /// <summary>Builds both networks on the CPU with fresh weights, which depend on the options and the seed alone.</summary>
    /// <param name="options">Which architecture, and how large.</param>
    /// <param name="seed">Chooses the weights. A network that was never trained, of the seed that a training starts from, is what that
    /// training's first step sees.</param>
    /// <exception cref="ArgumentException">As <see cref="Check"/>.</exception>
    /// <exception cref="TrainingException">libtorch cannot be used here; the message says what is missing.</exception>
    public static GanNetworks Create(ArchitectureOptions options, long seed = 0)
    {
        Check(options);
        TorchLibrary.Require();
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        // What building makes besides parameters and buffers ends with this.
        using var scope = NewDisposeScope();
        RandomSeeds.Use(seed, RandomSeeds.Weights);
        return _all[options.Name].Create(options);
    }

    /// <summary>The architecture with the values of the paper or the course that it comes from; of an unknown name DCGAN's.</summary>
    internal static Architecture Source(string name) => _all.GetValueOrDefault(name) ?? _all["dcgan"];

    /// <summary>What is wrong with the images' shape, or null.</summary>
    internal static string? WrongShape(ArchitectureOptions options)
    {
        var (shape, architecture) = (options.Shape, Source(options.Name));
        return architecture.Fits(shape) ? null : $"The architecture '{options.Name}' makes {architecture.Images}, not {shape.Width} x " +
            $"{shape.Height}; " +
            $"let the data set resize or pad its images, as in data.size: {architecture.SideFor(shape)}, " +
            "or take the architecture 'dense', which makes any.";
    }
}
