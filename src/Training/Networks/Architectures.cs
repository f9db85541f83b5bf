namespace GanPipeline.Training;

/// <summary>The architectures that come with the project.</summary>
public static class Architectures
{
    private static readonly Dictionary<string, Func<ArchitectureOptions, GanNetworks>> Builders = new(StringComparer.Ordinal)
    {
        ["dense"] = DenseGan.Create,
        ["dcgan"] = Dcgan.Create,
        ["transfer"] = TransferGan.Create,
    };

    /// <summary>Their names, as <see cref="ArchitectureOptions.Name"/> gives them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Builders.Keys];

    /// <summary>Builds both networks on the CPU with fresh weights, which depend on the options and the seed alone.</summary>
    /// <param name="options">Which architecture, and how large.</param>
    /// <param name="seed">Chooses the weights. A network that was never trained, of the seed that a training starts from, is what that
    /// training's first step sees.</param>
    /// <exception cref="ArgumentException">The name is unknown, or the architecture cannot be built for these options; the message says
    /// what would be right.</exception>
    public static GanNetworks Create(ArchitectureOptions options, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Builders.TryGetValue(options.Name, out var build))
            throw new ArgumentException($"Unknown architecture '{options.Name}'; there are: {string.Join(", ", Names)}.", nameof(options));
        var shape = options.Shape;
        if (shape.Channels < 1 || shape.Height < 1 || shape.Width < 1)
            throw new ArgumentException($"An image has at least 1 channel, row and column; got {shape.Channels} x {shape.Height} x {shape.Width}.", nameof(options));
        Require(options.LatentSize >= 1, $"A latent vector has at least 1 number; got {options.LatentSize}.");
        Require(options.LabelSize >= 0, $"A label vector has at least 0 numbers; got {options.LabelSize}.");
        Require(options.Filters >= 1, $"A layer has at least 1 filter; got {options.Filters}.");
        Require(options.Dropout is >= 0 and < 1, $"Dropout is a share from 0 to below 1; got {options.Dropout}.");

        RandomSeeds.Use(seed, RandomSeeds.Weights);
        return build(options);
    }

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }
}
