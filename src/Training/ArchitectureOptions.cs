using System.ComponentModel.DataAnnotations;

namespace GanPipeline.Training;

/// <summary>
/// What the two networks are built from; kept in every checkpoint. What is not given has the values of the architecture's source.
/// </summary>
public sealed record ArchitectureOptions
{
    private readonly int? _latentSize;
    private readonly int? _filters;
    private readonly double? _dropout;
    private readonly int? _blocks;

    /// <summary>
    /// The architecture. <c>dcgan</c>, <c>wgan-gp</c> and <c>residual</c> make square images with a side of 16, 32, 64, 128 or 256 pixels,
    /// <c>upsampling</c> images whose sides are multiples of 8, <c>transfer</c> images of 32 x 32, and <c>dense</c> images of any size.
    /// </summary>
    [AllowedValues("dense", "upsampling", "dcgan", "wgan-gp", "transfer", "residual")]
    public string Name { get; init; } = "dcgan";

    /// <summary>Channels, height and width of the images.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>
    /// Numbers in a latent vector, standard normal each; 1 to 4096. Default: 100, <c>wgan-gp</c> 128, <c>transfer</c> 256, <c>residual</c>
    /// 64.
    /// </summary>
    public int LatentSize { get => _latentSize ?? Architectures.Source(Name).Latent; init => _latentSize = value; }

    /// <summary>Numbers in the label vector of a conditional GAN (Mirza and Osindero 2014), or 0 for an unconditional one.</summary>
    public int LabelSize { get; init; }

    /// <summary>
    /// Convolution filters at the images' full resolution; deeper layers have multiples of it. 1 to 1024; unused by <c>dense</c>.
    /// Default: 64, <c>transfer</c> 128, <c>residual</c> 32.
    /// </summary>
    public int Filters { get => _filters ?? Architectures.Source(Name).Filters; init => _filters = value; }

    /// <summary>
    /// Share of activations that the discriminator's dropout layers zero in training; 0 to below 1; unused by <c>dense</c> and
    /// <c>residual</c>. Default: 0.3, <c>upsampling</c> 0.25, <c>wgan-gp</c> and <c>transfer</c> 0.
    /// </summary>
    public double Dropout { get => _dropout ?? Architectures.Source(Name).Dropout; init => _dropout = value; }

    /// <summary>Residual blocks at each resolution of <c>residual</c>, 1 to 16; the others have none. Default: 2.</summary>
    public int Blocks { get => _blocks ?? Architectures.Source(Name).Blocks; init => _blocks = value; }

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Architectures.Names.Contains(Name))
            yield return (nameof(Name), $"Unknown architecture '{Name}'; there are: {string.Join(", ", Architectures.Names)}.");
        if (LatentSize is < 1 or > 4096)
            yield return (nameof(LatentSize), $"A latent vector has from 1 to 4096 numbers; got {LatentSize}.");
        if (LabelSize < 0) yield return (nameof(LabelSize), $"A label vector has at least 0 numbers; got {LabelSize}.");
        if (Filters is < 1 or > 1024) yield return (nameof(Filters), $"A layer has from 1 to 1024 filters; got {Filters}.");
        if (Dropout is not (>= 0 and < 1)) yield return (nameof(Dropout), $"Dropout is a share from 0 to below 1; got {Dropout}.");
        if (Architectures.Source(Name).Blocks > 0 ? Blocks is < 1 or > 16 : Blocks != 0)
            yield return (nameof(Blocks), Architectures.Source(Name).Blocks > 0
                ? $"A resolution has from 1 to 16 residual blocks; got {Blocks}."
                : $"The architecture '{Name}' has no residual blocks to count; take 'residual', or leave their number out.");
        if (Shape is not { Channels: >= 1, Height: >= 1, Width: >= 1 })
            yield return (nameof(Shape), $"An image has at least 1 channel, row and column; got {Shape.Channels} x {Shape.Height} x " +
                $"{Shape.Width}.");
        else if (Architectures.WrongShape(this) is { } wrong) yield return (nameof(Shape), wrong);
    }

    /// <summary>Whether both describe the same networks, given or by default.</summary>
    public bool Equals(ArchitectureOptions? other) => other is not null && Values.Equals(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    private (string, ImageShape, int, int, int, double, int) Values =>
        (Name, Shape, LatentSize, LabelSize, Filters, Dropout, Blocks);
}
