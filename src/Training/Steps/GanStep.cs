using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>What a step learnt, as tensors on the device; reading one waits for the device.</summary>
/// <param name="DiscriminatorLoss">
/// Before the step's last update of it, penalties included; 0 where the generator's first stage is trained alone.
/// </param>
/// <param name="GeneratorLoss">Before the step's update; without what <see cref="ObjectiveOptions.L1"/> or
/// <see cref="ObjectiveOptions.Cycle"/> add to it. Of the generator's first stage alone, its difference from the targets.</param>
/// <param name="RealLogits">The discriminator's outputs for the real images, [N, 1].</param>
/// <param name="GeneratedLogits">Its outputs for the generated images of its own update, [N, 1].</param>
/// <param name="Difference">Where the networks translate, the mean absolute difference between generated images and targets, or between
/// images and what becomes of them there and back; else null.</param>
public readonly record struct StepOutcome(Tensor DiscriminatorLoss, Tensor GeneratorLoss, Tensor RealLogits, Tensor GeneratedLogits,
    Tensor? Difference = null);

/// <summary>
/// One step of adversarial training: one update of the discriminator or several, and one of the generator, all with Adam. Real and
/// generated images pass the discriminator separately, because batch normalisation must not mix them. Create it after the networks are on
/// their device.
/// </summary>
public sealed class GanStep : IDisposable
{
    private readonly GanNetworks _networks;
    private readonly TrainingOptions _options;
    private readonly ProcessGroup _processes;
    // Of a generator of two stages the second one's.
    private readonly Parameter[] _generatorParameters;
    private readonly Parameter[] _firstStage;
    private readonly Parameter[] _discriminatorParameters;
    private readonly ShownImages _shown;
    private readonly TranslationLoss _translation;
    private readonly ImagePool? _pool;
    private readonly SpectralNormalization? _spectral;
    private readonly AutoBalance? _balance;
    private readonly LossScale? _generatorScale;
    private readonly LossScale? _discriminatorScale;

    /// <summary>Optimisers for the networks, and the step's options.</summary>
    /// <param name="networks">The same in all processes.</param>
    /// <param name="options">How to train.</param>
    /// <param name="processes">Those that train together, each with a part of every batch, which is given to <see cref="Run(Tensor,
    /// Func{Tensor}, Tensor?)"/>; null where there is one.</param>
    /// <param name="pose">Of networks that take poses: how these are told; null for views.</param>
    /// <exception cref="ArgumentException">These networks and options do not go together.</exception>
    public GanStep(GanNetworks networks, TrainingOptions options, ProcessGroup? processes = null,
        PoseLayout? pose = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        Combinations.Require(networks, options);
        _networks = networks;
        _options = options;
        _processes = processes ?? ProcessGroup.Alone;
        Objective = Objectives.Create(_options.Objective);
        Precision = _options.Precision;
        _firstStage = [.. _networks.PoseStages?.First.parameters() ?? []];
        _generatorParameters = [.. (_networks.PoseStages?.Second ?? _networks.Generator).parameters()];
        _discriminatorParameters = [.. _networks.Discriminator.parameters()];
        var device = _discriminatorParameters[0].device;
        _shown = new(_options.Objective, Objective, device, _processes);
        _translation = new(networks, _options.Objective, pose ?? PoseLayout.View);
        _pool = _options.Objective.Pool > 0 ? new(networks, _options.Objective.Pool, device) : null;
        if (_options.Precision == TrainingPrecision.Float16) (_generatorScale, _discriminatorScale) = (new(device), new(device));
        _balance = _options.AutoBalance ? new(Objective.Boundary, device, _processes) : null;
        _spectral = _options.Objective.SpectralNormalization ? new(_networks.Discriminator, _options.Seed) : null;
        GeneratorOptimizer = NewAdam([.. _networks.Generator.parameters()], _options.LearningRate);
        DiscriminatorOptimizer = NewAdam(_spectral?.Parameters ?? _discriminatorParameters, _options.DiscriminatorLearningRate);
    }

    /// <summary>What the networks are trained towards.</summary>
    public Objective Objective { get; }

    /// <summary>
    /// What the networks are computed with; <see cref="TrainingPrecision.Auto"/>, which <see cref="Trainer"/> resolves, is float32 here.
    /// </summary>
    public TrainingPrecision Precision { get; internal set; }

    internal FusedAdam GeneratorOptimizer { get; }

    internal FusedAdam DiscriminatorOptimizer { get; }

    /// <summary>The probability of augmentation, a scalar on the device; null where images are not augmented.</summary>
    public Tensor? AugmentationProbability => _shown.Augmentation?.Probability;

    /// <summary>What a checkpoint holds beside the networks and the optimisers.</summary>
    internal IEnumerable<(string Name, Tensor Value)> State =>
    [
        .. _shown.Augmentation?.State.Select(entry => ("augmentation." + entry.Name, entry.Value)) ?? [],
        .. _pool?.State.Select(entry => ("pool." + entry.Name, entry.Value)) ?? [],
        .. _balance?.State.Select(entry => ("balance." + entry.Name, entry.Value)) ?? [],
        .. _spectral?.State.Select(entry => ("spectral.discriminator." + entry.Name, entry.Value)) ?? [],
        .. _generatorScale?.State.Select(entry => ("loss-scale.generator." + entry.Name, entry.Value)) ?? [],
        .. _discriminatorScale?.State.Select(entry => ("loss-scale.discriminator." + entry.Name, entry.Value)) ?? [],
    ];

    /// <summary>What losses are multiplied by for the backward passes, scalars on the device; none where they are not scaled.</summary>
    internal IEnumerable<Tensor> LossScales =>
        new[] { _generatorScale, _discriminatorScale }.OfType<LossScale>().Select(scale => scale.Factor);

    /// <summary>The norms of the last step's gradients, the generator's and the discriminator's, as scalars on the device.</summary>
    /// <remarks>0 where loss scaling left a step out because its gradients were not finite.</remarks>
    public (Tensor Generator, Tensor Discriminator) GradientNorms()
    {
        return (Norm(GeneratorOptimizer, _generatorScale), Norm(DiscriminatorOptimizer, _discriminatorScale));

        static Tensor Norm(FusedAdam optimizer, LossScale? scale) =>
            scale is null ? optimizer.GradientNorm() : optimizer.GradientNorm().nan_to_num(0, 0, 0);
    }

    /// <summary>
    /// Updates both networks, the discriminator each time on the same real images. Gradients stay in the parameters until the next step.
    /// </summary>
    /// <param name="real">Real images [N, C, H, W] in [-1, 1], on the networks' device.</param>
    /// <param name="latents">Draws latents [N, latent size] on the same device; called for each batch of generated images.</param>
    /// <param name="labels">The real images' label vectors [N, label size], which the generated ones get as well; null where the networks
    /// are unconditional.</param>
    public StepOutcome Run(Tensor real, Func<Tensor> latents, Tensor? labels = null)
    {
        ArgumentNullException.ThrowIfNull(real);
        return Run(() => new(real, labels), latents);
    }

    /// <summary>Updates both networks. Gradients stay in the parameters until the next step.</summary>
    /// <param name="real">Gives real images; called for each update of the discriminator. The generator's images have the last batch's
    /// labels.</param>
    /// <param name="latents">Draws latents [N, latent size] on the same device; called for each batch of generated images.</param>
    /// <param name="number">Steps done before this one, which decide what changes or comes round with them.</param>
    public StepOutcome Run(Func<RealBatch> real, Func<Tensor> latents, long number = 0)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(latents);
        Grow(number);
        if (_networks.Growth is { } growth)
        {
            // What the moments are of has changed.
            if (growth.Begins(_options, number))
            {
                GeneratorOptimizer.Reset();
                DiscriminatorOptimizer.Reset();
            }
            var (whole, drawn, count) = (real, latents, growth.BatchSize(_options));
            real = () =>
            {
                var batch = whole();
                return batch with
                {
                    Images = growth.Real(batch.Images.slice(0, 0, count, 1)), Labels = batch.Labels?.slice(0, 0, count, 1),
                };
            };
            latents = () => drawn().slice(0, 0, count, 1);
        }
        var rates = LearningRates.Factor(_options, number);
        var (discriminator, generator) = _balance?.Factors(number) ?? (1, 1);
        GeneratorOptimizer.LearningRate = _options.LearningRate * rates * generator;
        DiscriminatorOptimizer.LearningRate = _options.DiscriminatorLearningRate * rates * discriminator;
        GeneratorOptimizer.Beta2 = DiscriminatorOptimizer.Beta2 = BurnIn.Value(_options, _options.Beta2, _options.Beta2End, number);
        if (_networks.PoseStages is { } stages && number < _options.FirstStageSteps) return RunFirstStage(stages, real());
        for (var update = 1; update < _options.Objective.CriticSteps; update++)
        {
            using var scope = NewDisposeScope();
            var batch = real();
            UpdateDiscriminator(DiscriminateBoth(batch, Pooled(Generate(latents, batch, withGradient: false)), number));
        }
        var outcome = _options.Objective.Updates == UpdateOrder.Together ? RunTogether(real(), latents, number)
            : RunAlternating(real(), latents, number);
        _shown.Augmentation?.Adapt(number + 1);
        _balance?.Watch(outcome.RealLogits, outcome.GeneratedLogits);
        return outcome;
    }

    /// <summary>Lets networks that grow be as large as they are in a step; of others nothing.</summary>
    internal void Grow(long number)
    {
        if (_networks.Generator is not GrowingGenerator generator) return;
        generator.Growth.To(_options, number);
        generator.KeepGrowth();
    }

    /// <summary>Updates the first stage of a generator of two, by the difference from the targets alone.</summary>
    private StepOutcome RunFirstStage(PoseGenerator stages, RealBatch real)
    {
        var (difference, weighted) = _translation.OfPose(InPrecision(() => stages.First.call(real.Condition!)), real);
        _networks.Generator.zero_grad();
        Backward(weighted, _generatorScale, _firstStage);
        GeneratorOptimizer.Step(_generatorScale);
        // No discriminator is at work: one that is right on half of the images.
        var undecided = tensor(new float[] { 1, -1 }, [2, 1], device: weighted.device);
        return new(zeros([], device: weighted.device), weighted, undecided, undecided, difference);
    }

    private StepOutcome RunAlternating(RealBatch real, Func<Tensor> latents, long number)
    {
        var reuse = _options.Objective.GeneratorBatch == GeneratorBatch.Reused;
        var generated = Generate(latents, real, withGradient: reuse);
        var outputs = DiscriminateBoth(real, Pooled(generated.detach()), number);
        UpdateDiscriminator(outputs);

        if (!reuse)
        {
            real = Interpolated(real);
            generated = Generate(latents, real, withGradient: true);
        }
        var generatorLoss = Objective.GeneratorLoss(DiscriminateForGenerator(generated, real, number),
            Objective.ComparesGenerated ? Compared(real, number) : null);
        var translation = _translation.Of(generated, real, GenerateBoth);
        _networks.Generator.zero_grad();
        Backward(Sum(generatorLoss, translation?.Added ?? Divergence(real)), _generatorScale, _generatorParameters);
        GeneratorOptimizer.Step(_generatorScale);
        return new(outputs.Loss, generatorLoss, outputs.Real, outputs.Generated, translation?.Difference);
    }

    private StepOutcome RunTogether(RealBatch real, Func<Tensor> latents, long number)
    {
        var reuse = _options.Objective.GeneratorBatch == GeneratorBatch.Reused;
        var generated = Generate(latents, real, withGradient: reuse);
        var outputs = DiscriminateBoth(real, generated, number);
        if (!reuse)
        {
            real = Interpolated(real);
            generated = Generate(latents, real, withGradient: true);
        }
        var generatorLoss = Objective.GeneratorLoss(
            reuse ? outputs.Generated : DiscriminateForGenerator(generated, real, number), outputs.Real.detach());
        var translation = _translation.Of(generated, real, GenerateBoth);

        // Each loss reaches its own network's parameters alone; the other network's gradients are not computed.
        _networks.Discriminator.zero_grad();
        _networks.Generator.zero_grad();
        Backward(outputs.Loss, _discriminatorScale, _discriminatorParameters, keepGraph: reuse);
        Backward(Sum(generatorLoss, translation?.Added ?? Divergence(real)), _generatorScale, _generatorParameters);
        StepDiscriminator();
        GeneratorOptimizer.Step(_generatorScale);
        return new(outputs.Loss, generatorLoss, outputs.Real, outputs.Generated, translation?.Difference);
    }

    /// <summary>The discriminator's loss on both halves, with the penalties that are due.</summary>
    private (Tensor Loss, Tensor Real, Tensor Generated) DiscriminateBoth(RealBatch real, Tensor generatedImages, long number)
    {
        var options = _options.Objective;
        var isDue = number % options.R1Every == 0;
        var r1 = isDue ? BurnIn.Value(_options, options.R1, options.R1End, number) : 0;
        var r2 = isDue ? BurnIn.Value(_options, options.R2, options.R2End, number) : 0;
        var realImages = _shown.Show(real.Images, number);
        if (r1 > 0) realImages = realImages.detach().requires_grad_();
        generatedImages = _shown.Show(generatedImages, number);
        if (r2 > 0 && !generatedImages.requires_grad) generatedImages = generatedImages.detach().requires_grad_();
        // The gradients of R1 and R2 are small numbers whose squares count: they are computed in float32.
        var realOutputs = Discriminate(realImages, real, inFull: r1 > 0);
        var generatedOutputs = Discriminate(generatedImages, real, inFull: r2 > 0);
        // A real image with what is not true of it counts as much as a generated one.
        var loss = Objective.DiscriminatorLoss(realOutputs, real.Others is not { } others ? generatedOutputs
            : cat([generatedOutputs, Discriminate(realImages.detach(), real with { Labels = others })]));
        if (_networks.PoseStages is not null)
        {
            // The given image itself is wrong as well, so that to copy it does not help (the triplet of Ma et al. 2017, section 3.2).
            var given = _shown.Show(real.Condition!.narrow(1, 0, _networks.Shape.Channels), number);
            loss = (loss + Objective.DiscriminatorLoss(realOutputs, Discriminate(given, real))) / 2;
        }
        if (r1 > 0) loss += GradientPenalties.At(realOutputs, realImages) * (r1 / 2 * options.R1Every);
        if (r2 > 0) loss += GradientPenalties.At(generatedOutputs, generatedImages) * (r2 / 2 * options.R1Every);
        if (options.GradientPenalty > 0) loss += options.GradientPenalty * GradientPenalties.Between(
            // Gradients of gradients leave float16's range.
            images => Discriminate(images, real, inFull: Precision == TrainingPrecision.Float16), realImages, generatedImages);
        if (options.Drift > 0) loss += options.Drift * realOutputs.square().mean();
        _shown.Augmentation?.Watch(realOutputs);
        return (loss, realOutputs, generatedOutputs);
    }

    private void UpdateDiscriminator((Tensor Loss, Tensor Real, Tensor Generated) outputs)
    {
        _networks.Discriminator.zero_grad();
        // Images that a penalty differentiates by are leaves too, but their gradient of the whole loss is of no use.
        Backward(outputs.Loss, _discriminatorScale, _discriminatorParameters);
        StepDiscriminator();
    }

    private static void Backward(Tensor loss, LossScale? scale, Parameter[] parameters, bool keepGraph = false) =>
        (scale?.Apply(loss) ?? loss).backward(retain_graph: keepGraph, inputs: parameters);

    private void StepDiscriminator()
    {
        _spectral?.PassGradients();
        DiscriminatorOptimizer.Step(_discriminatorScale);
        _spectral?.Normalize();
    }

    /// <summary>
    /// Some labels replaced by the middle between theirs and another one's: what the generator is told between texts (Reed et al. 2016,
    /// section 4.3).
    /// </summary>
    private RealBatch Interpolated(RealBatch real)
    {
        if (_options.Objective.Interpolation == 0 || real.Labels is not { } labels) return real;
        var count = (long)Math.Round(_options.Objective.Interpolation * labels.shape[0]);
        var middle = (labels + labels.roll(1, 0)) / 2;
        return real with
        {
            Labels = cat([middle.narrow(0, 0, count), labels.narrow(0, count, labels.shape[0] - count)]),
        };
    }

    /// <summary>What conditioning augmentation adds to the generator's loss; null without it.</summary>
    private Tensor? Divergence(RealBatch real) => _networks.Generator is TextGenerator { Augments: true } generator
        ? generator.Divergence(real.Labels!) * _options.Objective.ConditioningDivergence : null;

    private Tensor Generate(Func<Tensor> latents, RealBatch real, bool withGradient)
    {
        using (set_grad_enabled(withGradient)) return _networks.Cycles ? GenerateBoth(real.Images)
            : InPrecision(() => real.Condition is { } condition
                ? _networks.Translate(condition)
                : _networks.Generate(latents(), real.Labels));
    }

    /// <summary>Each side from the other, of networks that translate both ways.</summary>
    private Tensor GenerateBoth(Tensor images) => InPrecision(() => _networks.Generator.call(images));

    private Tensor Pooled(Tensor generated) => _pool?.Exchange(generated) ?? generated;

    private static Tensor Sum(Tensor loss, Tensor? added) => added is null ? loss : loss + added;

    /// <param name="images">Real or generated ones.</param>
    /// <param name="real">What belongs to them.</param>
    /// <param name="inFull">Whether they pass in float32, whatever the step's precision is.</param>
    private Tensor Discriminate(Tensor images, RealBatch real, bool inFull = false)
    {
        return inFull ? Pass() : InPrecision(Pass);

        Tensor Pass() => _networks.Discriminate(images, real.Labels, real.Condition);
    }

    /// <summary>A forward pass in the step's precision, with an output in float32.</summary>
    private Tensor InPrecision(Func<Tensor> pass)
    {
        if (Precision is not (TrainingPrecision.Bfloat16 or TrainingPrecision.Float16)) return pass();
        using var autocast = Autocast.On(_discriminatorParameters[0].device,
            Precision == TrainingPrecision.Float16 ? ScalarType.Float16 : ScalarType.BFloat16);
        return pass().to(float32);
    }

    /// <summary>The discriminator's outputs, with gradients towards the images but none for its own parameters.</summary>
    private Tensor DiscriminateForGenerator(Tensor generated, RealBatch real, long number)
    {
        foreach (var parameter in _discriminatorParameters) parameter.requires_grad = false;
        try
        {
            return Discriminate(_shown.Show(generated, number), real);
        }
        finally
        {
            foreach (var parameter in _discriminatorParameters) parameter.requires_grad = true;
        }
    }

    /// <summary>The discriminator's outputs for the real images that generated ones are compared with.</summary>
    private Tensor Compared(RealBatch real, long number)
    {
        using var untracked = no_grad();
        return Discriminate(_shown.Show(real.Images, number), real);
    }

    private FusedAdam NewAdam(IEnumerable<Parameter> parameters, double learningRate) =>
        new(parameters, learningRate, _options.Beta1, _options.Beta2, _options.Epsilon, new(_processes));

    /// <summary>Frees the optimisers' and the step's own tensors; the networks stay.</summary>
    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
        _shown.Dispose();
        _pool?.Dispose();
        _spectral?.Dispose();
        _balance?.Dispose();
        _generatorScale?.Dispose();
        _discriminatorScale?.Dispose();
    }
}
