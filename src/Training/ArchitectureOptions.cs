using System.ComponentModel.DataAnnotations;

namespace GanPipeline.Training;

/// <summary>What a layer's outputs are brought to a mean of 0 and a deviation of 1 over, each channel by itself.</summary>
public enum LayerNormalization
{
    /// <summary>Over the images of a batch and their places (Ioffe and Szegedy 2015); in use, by the running statistics.</summary>
    Batch,

    /// <summary>Over the places of each image by itself (Ulyanov et al. 2016), in training and in use.</summary>
    Instance,
}

/// <summary>How a discriminator judges whether an image shows what a text says.</summary>
public enum TextMatching
{
    /// <summary>Layers see the image's features and the text's together, at 4 x 4 pixels (Reed et al. 2016, section 4.1).</summary>
    Joint,

    /// <summary>
    /// An inner product of the image's features and the text's is added to a logit of the image alone (Miyato and Koyama 2018), so that
    /// what is learnt of parts of texts carries over to other combinations of these parts.
    /// </summary>
    Projection,
}

/// <summary>
/// What the two networks are built from; kept in every checkpoint. What is not given has the values of the architecture's source.
/// </summary>
public sealed record ArchitectureOptions
{
    private readonly int? _latentSize;
    private readonly int? _filters;
    private readonly double? _dropout;
    private readonly int? _blocks;
    private readonly int? _patch;
    private readonly LayerNormalization? _normalization;

    /// <summary>
    /// The architecture. <c>dcgan</c>, <c>wgan-gp</c>, <c>residual</c>, <c>growing</c> and <c>text-to-image</c> make square images with a
    /// side of 16, 32, 64, 128 or 256 pixels, <c>upsampling</c> images whose sides are multiples of 8, <c>transfer</c> images of 32 x 32,
    /// and <c>dense</c> images of any size. <c>text-to-image</c> makes what a text says. <c>pix2pix</c> makes images of images and learns
    /// from pairs, <c>cyclegan</c> does so both ways and learns without, and <c>pose</c> makes images of images and wanted poses, in two
    /// stages: square images with a side of 32, 64, 128, 256 or 512 pixels.
    /// </summary>
    [AllowedValues("dense", "upsampling", "dcgan", "wgan-gp", "transfer", "residual", "growing", "text-to-image", "pix2pix",
        "cyclegan", "pose")]
    public string Name { get; init; } = "dcgan";

    /// <summary>Channels, height and width of the images.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>
    /// Channels of the image that a translating architecture makes its image of, 1 or 3, those of a pose included; 0 for architectures
    /// that begin with latents.
    /// </summary>
    public int ConditionChannels { get; init; }

    /// <summary>
    /// Of <c>pose</c>: the last ones of <see cref="ConditionChannels"/>, which tell the wanted pose (<see cref="PoseLayout"/>); those
    /// before them are an image of as many channels as <see cref="Shape"/>. 0 of the others.
    /// </summary>
    public int PoseChannels { get; init; }

    /// <summary>
    /// Numbers in a latent vector, standard normal each; 1 to 4096. Default: 100, <c>wgan-gp</c> 128, <c>transfer</c> 256, <c>residual</c>
    /// 64, <c>growing</c> 512. <c>pix2pix</c>, <c>cyclegan</c> and <c>pose</c> have none: 0.
    /// </summary>
    public int LatentSize { get => _latentSize ?? Architectures.Source(Name).Latent; init => _latentSize = value; }

    /// <summary>
    /// Numbers in the label vector of a conditional GAN (Mirza and Osindero 2014), or 0 for an unconditional one; of <c>text-to-image</c>
    /// those of a text's embedding.
    /// </summary>
    public int LabelSize { get; init; }

    /// <summary>
    /// Of <c>text-to-image</c>: how many of the latent's numbers, its last ones, are the noise of conditioning augmentation (Zhang et al.
    /// 2017, "StackGAN", section 3.2): the generator maps an embedding to as many means and deviations, and is told a draw from these
    /// normal distributions in place of the embedding. 0, the default, is off; StackGAN has 128. It needs a weight of
    /// <see cref="ObjectiveOptions.ConditioningDivergence"/>.
    /// </summary>
    public int ConditioningNoise { get; init; }

    /// <summary>Of <c>text-to-image</c>: how the discriminator matches images and texts. Default: <c>joint</c>.</summary>
    public TextMatching TextMatching { get; init; }

    /// <summary>
    /// Convolution filters at the images' full resolution; deeper layers have multiples of it. 1 to 1024; unused by <c>dense</c>.
    /// Default: 64, <c>transfer</c> 128, <c>residual</c> 32.
    /// </summary>
    public int Filters { get => _filters ?? Architectures.Source(Name).Filters; init => _filters = value; }

    /// <summary>
    /// Share of activations that the discriminator's dropout layers zero in training, of <c>pix2pix</c> the generator's; 0 to below 1;
    /// unused by <c>dense</c>, <c>residual</c>, <c>growing</c>, <c>cyclegan</c> and <c>pose</c>. Default: 0.3, <c>upsampling</c> 0.25,
    /// <c>wgan-gp</c>, <c>transfer</c> and <c>text-to-image</c> 0, <c>pix2pix</c> 0.5.
    /// </summary>
    public double Dropout { get => _dropout ?? Architectures.Source(Name).Dropout; init => _dropout = value; }

    /// <summary>
    /// Residual blocks at each resolution of <c>residual</c>, and in each generator of <c>cyclegan</c>, 1 to 16; the others have none.
    /// Default: <c>residual</c> 2, <c>cyclegan</c> 6, from 256 x 256 pixels on 9.
    /// </summary>
    public int Blocks
    {
        get => _blocks ?? (Cycles ? CycleGan.BlocksFor(Shape) : Architectures.Source(Name).Blocks);
        init => _blocks = value;
    }

    /// <summary>
    /// Of <c>pix2pix</c>, <c>cyclegan</c> and <c>pose</c>: the side in pixels of the squares that a discriminator judges one by one (Isola
    /// et al. 2017, section 3.2.2): 1, 16, 34, 70, 142 or 286. The others judge whole images: 0. Default: 70, at 32 x 32 pixels 34.
    /// </summary>
    public int Patch
    {
        get => _patch ?? (Architectures.Source(Name).Translates ? PatchDiscriminator.PatchFor(Shape) : 0);
        init => _patch = value;
    }

    /// <summary>
    /// Of <c>pix2pix</c>, and of the discriminator of <c>pose</c>: what its layers are normalised over. The paper's batches of one image
    /// make both the same in training; with larger batches <c>batch</c> needs less time where the model is used, and <c>instance</c> does
    /// there what it did in training. The others have their own: <c>cyclegan</c> <c>instance</c>, the rest what is in their sources.
    /// Default: <c>batch</c>.
    /// </summary>
    public LayerNormalization Normalization
    {
        get => _normalization ?? (Cycles ? LayerNormalization.Instance : LayerNormalization.Batch);
        init => _normalization = value;
    }

    /// <summary>Whether it is an architecture that makes images of images.</summary>
    public bool Translates => Architectures.Source(Name).Translates;

    /// <summary>Whether it does so both ways, and learns from images that are no pairs.</summary>
    public bool Cycles => Architectures.Source(Name).Cycles;

    /// <summary>Whether the networks are told texts, by embeddings as label vectors.</summary>
    public bool TellsTexts => Architectures.Source(Name).TellsTexts;

    /// <summary>Whether it makes them of an image and a wanted pose.</summary>
    public bool Poses => Architectures.Source(Name).Poses;

    /// <summary>What is wrong with the options: the member and the problem, a sentence.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (!Architectures.Names.Contains(Name))
            yield return (nameof(Name), $"Unknown architecture '{Name}'; there are: {string.Join(", ", Architectures.Names)}.");
        var source = Architectures.Source(Name);
        if (source.Translates)
        {
            if (LatentSize != 0)
                yield return (nameof(LatentSize), $"'{Name}' makes images of images, and takes no latents; got {LatentSize}. Leave " +
                    "it out.");
            if (LabelSize > 0)
                yield return (nameof(LabelSize), $"'{Name}' makes images of images, and takes no labels; leave the condition out.");
            if (Poses)
            {
                if (PoseChannels < 1 || ConditionChannels - PoseChannels != Shape.Channels)
                    yield return (nameof(ConditionChannels), $"'{Name}' makes images of images and poses, and needs pairs to learn from " +
                        $"whose input is an image of the target's {Shape.Channels} channels and the target's pose; got " +
                        $"{ConditionChannels} channels, {PoseChannels} of them a pose's.");
            }
            else if (ConditionChannels is not (1 or 3))
                yield return (nameof(ConditionChannels), $"'{Name}' makes images of images, and needs " +
                    $"{(Cycles ? "two sides" : "pairs")} to learn from: images of 1 or 3 channels to begin with; got {ConditionChannels}.");
            if (Cycles && Normalization != LayerNormalization.Instance)
                yield return (nameof(Normalization), $"The normalisation of '{Name}' is instance; leave it out.");
            if (!PatchDiscriminator.Patches.Contains(Patch))
                yield return (nameof(Patch),
                    $"The side of a patch is one of {string.Join(", ", PatchDiscriminator.Patches)}; got {Patch}.");
            else if (Shape.Height > 0 && PatchDiscriminator.LeastSide(Patch) is var least && least > Math.Min(Shape.Height, Shape.Width))
                yield return (nameof(Patch), $"Patches of {Patch} pixels need images with a side of {least} pixels or more; take a " +
                    "smaller patch.");
        }
        else
        {
            if (LatentSize is < 1 or > 4096)
                yield return (nameof(LatentSize), $"A latent vector has from 1 to 4096 numbers; got {LatentSize}.");
            if (ConditionChannels != 0)
                yield return (nameof(ConditionChannels), $"'{Name}' makes images of latents and cannot be trained with pairs; take " +
                    "'pix2pix' or 'cyclegan', or data that are no pairs.");
            if (Patch != 0) yield return (nameof(Patch), $"'{Name}' judges whole images; leave the patch out, or take 'pix2pix' " +
                "or 'cyclegan'.");
            if (Normalization != LayerNormalization.Batch)
                yield return (nameof(Normalization), $"The normalisation of '{Name}' is not to be chosen; leave it out.");
        }
        if (!Poses && PoseChannels != 0)
            yield return (nameof(PoseChannels), $"'{Name}' takes no pose; take 'pose', or data without one.");
        if (ConditioningNoise < 0 || (TellsTexts ? ConditioningNoise >= LatentSize : ConditioningNoise != 0))
            yield return (nameof(ConditioningNoise), TellsTexts
                ? $"The noise of conditioning augmentation is a part of the latent, and has from 0 to {LatentSize - 1} numbers; got " +
                    $"{ConditioningNoise}. Take more with latent-size, or less noise."
                : $"'{Name}' is not told texts, and has no conditioning augmentation; leave it out.");
        if (!Enum.IsDefined(TextMatching))
            yield return (nameof(TextMatching), $"Unknown matching {TextMatching}; there are: joint, projection.");
        else if (TextMatching != TextMatching.Joint && !TellsTexts)
            yield return (nameof(TextMatching), $"'{Name}' is not told texts, and matches none; leave it out.");
        if (!Enum.IsDefined(Normalization))
            yield return (nameof(Normalization), $"Unknown normalisation {Normalization}; there are: batch, instance.");
        if (TellsTexts && LabelSize == 0 && Shape.Height > 0)
            yield return (nameof(LabelSize), $"'{Name}' is told texts by their embeddings: say how many numbers these have.");
        if (LabelSize < 0) yield return (nameof(LabelSize), $"A label vector has at least 0 numbers; got {LabelSize}.");
        if (Filters is < 1 or > 1024) yield return (nameof(Filters), $"A layer has from 1 to 1024 filters; got {Filters}.");
        if (Dropout is not (>= 0 and < 1)) yield return (nameof(Dropout), $"Dropout is a share from 0 to below 1; got {Dropout}.");
        if (Architectures.Source(Name).Blocks > 0 ? Blocks is < 1 or > 16 : Blocks != 0)
            yield return (nameof(Blocks), Architectures.Source(Name).Blocks > 0
                ? $"A resolution has from 1 to 16 residual blocks; got {Blocks}."
                : $"The architecture '{Name}' has no residual blocks to count; take 'residual' or 'cyclegan', or leave their " +
                    "number out.");
        if (Shape is not { Channels: >= 1, Height: >= 1, Width: >= 1 })
            yield return (nameof(Shape), $"An image has at least 1 channel, row and column; got {Shape.Channels} x {Shape.Height} x " +
                $"{Shape.Width}.");
        else if (Architectures.WrongShape(this) is { } wrong) yield return (nameof(Shape), wrong);
    }

    /// <summary>Whether both describe the same networks, given or by default.</summary>
    public bool Equals(ArchitectureOptions? other) => other is not null && Values.Equals(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => Values.GetHashCode();

    private (string, ImageShape, int, int, int, int, int, double, int, int, LayerNormalization, int, TextMatching) Values =>
        (Name, Shape, ConditionChannels, PoseChannels, LatentSize, LabelSize, Filters, Dropout, Blocks, Patch, Normalization,
            ConditioningNoise, TextMatching);
}
