using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The two networks of a generative adversarial network (Goodfellow et al. 2014). The generator maps latents
/// [N, <see cref="LatentSize"/>] to images [N, C, H, W] in [-1, 1]; the discriminator maps images to logits [N, 1],
/// positive where it believes an image to be real.
/// </summary>
/// <remarks>
/// Networks that translate (<see cref="Translates"/>) begin with an image [N, <see cref="ConditionChannels"/>, H, W] in place of latents:
/// the generator maps it to another one, and the discriminator judges the pair, [N, P]: a logit for each of P patches. Those that translate
/// both ways (<see cref="Cycles"/>) have two generators in one module and two discriminators in another: both take the two sides behind
/// each other, [N, <see cref="ConditionChannels"/> + C, H, W]. The generators make each side from the other; the discriminators judge each
/// side by itself. Where they take a pose (<see cref="PoseChannels"/>), its planes stand behind the image's channels.
/// </remarks>
public sealed class GanNetworks : IDisposable
{
    /// <summary>Networks of any origin; for the ones that come with the project see <see cref="Architectures.Create"/>.</summary>
    /// <param name="options">What the networks were built from; a checkpoint is only resumed by networks of equal options.</param>
    /// <param name="generator">[N, latent size] to [N, C, H, W] in [-1, 1].</param>
    /// <param name="discriminator">[N, C, H, W] to logits [N, 1].</param>
    /// <param name="labelPlanes">How a conditional discriminator gets its labels, see <see cref="LabelPlanes"/>.</param>
    public GanNetworks(ArchitectureOptions options, Module<Tensor, Tensor> generator, Module<Tensor, Tensor> discriminator,
        bool labelPlanes = true)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        Options = options;
        Generator = generator;
        Discriminator = discriminator;
        LabelPlanes = labelPlanes;
    }

    /// <summary>What the networks were built from.</summary>
    public ArchitectureOptions Options { get; }

    /// <summary>
    /// Latents, with the label vector behind them where there is one, [N, latent size + label size] to images [N, C, H, W] in [-1, 1].
    /// </summary>
    public Module<Tensor, Tensor> Generator { get; }

    /// <summary>Images, with their labels where the networks are conditional (see <see cref="LabelPlanes"/>), to logits [N, 1].</summary>
    public Module<Tensor, Tensor> Discriminator { get; }

    /// <summary>
    /// Whether a conditional discriminator sees a constant plane for each number of the label vector behind the image's channels,
    /// [N, C + label size, H, W], as convolutions want it; else the vector itself behind the flattened image, [N, C H W + label size].
    /// </summary>
    public bool LabelPlanes { get; }

    /// <summary>Makes images of images; gradients flow as the caller's mode says.</summary>
    /// <param name="condition">[N, <see cref="ConditionChannels"/>, H, W] in [-1, 1].</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is <see cref="Generator"/>.</param>
    /// <returns>Images [N, C, H, W] in [-1, 1].</returns>
    /// <exception cref="InvalidOperationException">These networks make images of latents.</exception>
    public Tensor Translate(Tensor condition, Module<Tensor, Tensor>? generator = null) => Translator(generator).call(condition);

    /// <summary>Makes images of images and poses, and gives what the first stage makes by itself.</summary>
    /// <param name="condition">[N, <see cref="ConditionChannels"/>, H, W] in [-1, 1], the pose's planes last.</param>
    /// <exception cref="InvalidOperationException">These networks take no poses.</exception>
    public (Tensor Image, Tensor Coarse) TranslateInStages(Tensor condition)
    {
        var stages = PoseStages ?? throw new InvalidOperationException("These networks have no stages: they take no poses.");
        var coarse = stages.First.call(condition);
        return (stages.Refine(condition, coarse), coarse);
    }

    /// <summary>Makes images of the first side from images of the second one; gradients flow as the caller's mode says.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1].</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is <see cref="Generator"/>.</param>
    /// <returns>Images [N, <see cref="ConditionChannels"/>, H, W] in [-1, 1].</returns>
    /// <exception cref="InvalidOperationException">These networks do not translate both ways.</exception>
    public Tensor TranslateBack(Tensor images, Module<Tensor, Tensor>? generator = null) => BackTranslator(generator).call(images);

    /// <summary>The network that makes images of the second side from images of the first one.</summary>
    /// <param name="generator">Of which generator; null is <see cref="Generator"/>.</param>
    /// <exception cref="InvalidOperationException">These networks make images of latents.</exception>
    public Module<Tensor, Tensor> Translator(Module<Tensor, Tensor>? generator = null) => (generator ?? Generator) switch
    {
        _ when !Translates => throw new InvalidOperationException("These networks make images of latents, not of images."),
        CycleGenerators both => both.Forth,
        var one => one,
    };

    /// <summary>The network that makes images of the first side from images of the second one.</summary>
    /// <param name="generator">Of which generator; null is <see cref="Generator"/>.</param>
    /// <exception cref="InvalidOperationException">These networks do not translate both ways.</exception>
    public Module<Tensor, Tensor> BackTranslator(Module<Tensor, Tensor>? generator = null) =>
        (generator ?? Generator) is CycleGenerators both ? both.Back
            : throw new InvalidOperationException("These networks do not translate both ways.");

    /// <summary>
    /// The discriminator of the images that <see cref="Translator"/> makes, [N, P] of P patches; where the networks judge pairs, of both
    /// images behind each other, [N, <see cref="ConditionChannels"/> + C, H, W].
    /// </summary>
    public Module<Tensor, Tensor> TranslationDiscriminator => Discriminator is CycleDiscriminators both ? both.Second : Discriminator;

    /// <summary>The discriminator of the images that <see cref="BackTranslator"/> makes.</summary>
    /// <exception cref="InvalidOperationException">These networks do not translate both ways.</exception>
    public Module<Tensor, Tensor> BackDiscriminator => Discriminator is CycleDiscriminators both ? both.First
        : throw new InvalidOperationException("These networks do not translate both ways.");

    /// <summary>Generates images; gradients flow as the caller's mode says.</summary>
    /// <param name="latents">[N, <see cref="LatentSize"/>].</param>
    /// <param name="labels">[N, <see cref="LabelSize"/>] where the networks are conditional, else null.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is <see cref="Generator"/>.</param>
    /// <returns>Images [N, C, H, W] in [-1, 1].</returns>
    public Tensor Generate(Tensor latents, Tensor? labels = null, Module<Tensor, Tensor>? generator = null)
    {
        if (Translates) throw new InvalidOperationException("These networks make images of images, not of latents.");
        RequireLabels(labels);
        return (generator ?? Generator).call(labels is null ? latents : cat([latents, labels], 1));
    }

    /// <summary>The discriminator's logits, [N, 1], or [N, P] of networks that translate.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1]; of networks that <see cref="Cycles">cycle</see> both sides.</param>
    /// <param name="labels">[N, <see cref="LabelSize"/>] where the networks are conditional, else null.</param>
    /// <param name="condition">What the images were made of, [N, <see cref="ConditionChannels"/>, H, W] in [-1, 1], where the networks
    /// judge pairs, else null.</param>
    public Tensor Discriminate(Tensor images, Tensor? labels = null, Tensor? condition = null)
    {
        RequireLabels(labels);
        if ((condition is null) == JudgesPairs)
            throw new ArgumentException(JudgesPairs ? $"These networks judge pairs: give the images [N, {ConditionChannels}, H, W] that " +
                "these are made of." : "These networks judge images, not pairs.", nameof(condition));
        if (condition is not null) return Discriminator.call(cat([condition, images], 1));
        if (labels is null) return Discriminator.call(images);
        if (!LabelPlanes) return Discriminator.call(cat([images.flatten(1), labels], 1));
        var planes = labels.reshape(labels.shape[0], labels.shape[1], 1, 1).expand(-1, -1, images.shape[2], images.shape[3]);
        return Discriminator.call(cat([images, planes], 1));
    }

    /// <summary>The architecture's name.</summary>
    public string Architecture => Options.Name;

    /// <summary>Numbers in a latent vector.</summary>
    public int LatentSize => Options.LatentSize;

    /// <summary>Numbers in a label vector; 0 where the networks are unconditional.</summary>
    public int LabelSize => Options.LabelSize;

    /// <summary>Channels of the images that images are made of; 0 where they are made of latents.</summary>
    public int ConditionChannels => Options.ConditionChannels;

    /// <summary>Whether the generator makes images of images, and not of latents.</summary>
    public bool Translates => ConditionChannels > 0;

    /// <summary>Whether they translate both ways, and learn from images that are no pairs.</summary>
    public bool Cycles => Options.Cycles;

    /// <summary>Channels of <see cref="ConditionChannels"/> that tell a wanted pose, the last ones; 0 where there is none.</summary>
    public int PoseChannels => Options.PoseChannels;

    /// <summary>The two stages of a generator that makes images of images and poses; null of others.</summary>
    internal PoseGenerator? PoseStages => Generator as PoseGenerator;

    /// <summary>Whether the discriminator judges an image together with the one that it is made of.</summary>
    internal bool JudgesPairs => Translates && !Cycles;

    /// <summary>Channels, height and width of the images.</summary>
    public ImageShape Shape => Options.Shape;

    /// <summary>The shape of what is trained with: of a pair both sides' channels behind each other, the condition first.</summary>
    public ImageShape PairShape => Shape with { Channels = ConditionChannels + Shape.Channels };

    /// <summary>How far networks that grow have grown; null of others.</summary>
    internal Growth? Growth => (Generator as GrowingGenerator)?.Growth;

    /// <summary>What is trained with, [N, <see cref="PairShape"/>], as the discriminator takes it.</summary>
    internal RealBatch Batch(Tensor images) => JudgesPairs
        ? new(images.narrow(1, ConditionChannels, Shape.Channels), Condition: images.narrow(1, 0, ConditionChannels))
        : new(images);

    private void RequireLabels(Tensor? labels)
    {
        if ((labels is null) != (LabelSize == 0))
            throw new ArgumentException(labels is null ? $"These networks are conditional: give labels [N, {LabelSize}]." : "These " +
                "networks take no labels.", nameof(labels));
    }

    /// <summary>Frees both networks' tensors.</summary>
    public void Dispose()
    {
        Generator.Dispose();
        Discriminator.Dispose();
    }
}
