using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>The architectures that come with the project.</summary>
public static class Architectures
{
    private static readonly Dictionary<string, Architecture> All = new(StringComparer.Ordinal)
    {
        ["dense"] = new(DenseGan.Create, "images of any size", _ => true, Latent: 100, Filters: 64, Dropout: 0.3),
        ["upsampling"] = new(UpsamplingGan.Create, "images whose sides are multiples of 8 pixels", UpsamplingGan.Fits, Latent: 100, Filters: 64, Dropout: 0.25),
        ["dcgan"] = new(Dcgan.Create, Dcgan.Images, Dcgan.Fits, Latent: 100, Filters: 64, Dropout: 0.3),
        ["wgan-gp"] = new(WganGp.Create, Dcgan.Images, Dcgan.Fits, Latent: 128, Filters: 64, Dropout: 0),
        ["transfer"] = new(TransferGan.Create, "square images with a side of 32 pixels", TransferGan.Fits, Latent: 256, Filters: 128, Dropout: 0),
    };

    /// <summary>Their names, as <see cref="ArchitectureOptions.Name"/> gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Keys];

    /// <summary>An architecture's options with the values of the material that it comes from.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="shape">Channels, height and width of the images.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message names those there are.</exception>
    public static ArchitectureOptions Options(string name, ImageShape shape)
    {
        var architecture = Find(name);
        return new() { Name = name, Shape = shape, LatentSize = architecture.Latent, Filters = architecture.Filters, Dropout = architecture.Dropout };
    }

    /// <summary>Finds what is wrong with options, without building anything.</summary>
    /// <exception cref="ArgumentException">The name is unknown, a value is out of its range, or the architecture makes no images of this
    /// size; the message says what would be right.</exception>
    public static void Check(ArchitectureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var architecture = Find(options.Name);
        var shape = options.Shape;
        Require(shape is { Channels: >= 1, Height: >= 1, Width: >= 1 },
            $"An image has at least 1 channel, row and column; got {shape.Channels} x {shape.Height} x {shape.Width}.");
        Require(options.LatentSize >= 1, $"A latent vector has at least 1 number; got {options.LatentSize}.");
        Require(options.LabelSize >= 0, $"A label vector has at least 0 numbers; got {options.LabelSize}.");
        Require(options.Filters >= 1, $"A layer has at least 1 filter; got {options.Filters}.");
        Require(options.Dropout is >= 0 and < 1, $"Dropout is a share from 0 to below 1; got {options.Dropout}.");
        if (!architecture.Fits(shape))
            throw new ArgumentException($"The architecture '{options.Name}' makes {architecture.Images}, not {shape.Width} x {shape.Height}; " +
                $"let the data set resize or pad its images, as in data.size: {architecture.SideFor(shape)}, or take the architecture 'dense', which makes any.");
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
        // What building makes besides parameters and buffers ends with this.
        using var scope = NewDisposeScope();
        RandomSeeds.Use(seed, RandomSeeds.Weights);
        return All[options.Name].Create(options);
    }

    private static Architecture Find(string name) => All.TryGetValue(name, out var architecture)
        ? architecture
        : throw new ArgumentException($"Unknown architecture '{name}'; there are: {string.Join(", ", Names)}.");

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
