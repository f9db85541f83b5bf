using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>What a step learnt, as scalars on the device; reading one waits for the device.</summary>
/// <param name="DiscriminatorLoss">Before the step's update.</param>
/// <param name="GeneratorLoss">Before the step's update.</param>
/// <param name="RealLogits">The discriminator's logits for the real images, [N, 1].</param>
/// <param name="GeneratedLogits">Its logits for the generated images of its own update, [N, 1].</param>
public readonly record struct StepOutcome(Tensor DiscriminatorLoss, Tensor GeneratorLoss, Tensor RealLogits, Tensor GeneratedLogits);

/// <summary>
/// One step of adversarial training: an update of the discriminator and one of the generator, both with Adam. Real and generated images
/// pass the discriminator separately, because batch normalisation must not mix them. Create it after the networks are on their device.
/// </summary>
public sealed class GanStep : IDisposable
{
    private readonly GanNetworks _networks;
    private readonly TrainingOptions _options;
    private readonly Objective _objective;
    private readonly Parameter[] _generatorParameters;
    private readonly Parameter[] _discriminatorParameters;

    /// <summary>Optimisers for the networks, and the step's options.</summary>
    public GanStep(GanNetworks networks, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        _networks = networks;
        _options = options;
        _objective = Objectives.Create(_options.Objective);
        _generatorParameters = [.. _networks.Generator.parameters()];
        _discriminatorParameters = [.. _networks.Discriminator.parameters()];
        GeneratorOptimizer = NewAdam(_generatorParameters, _options.GeneratorLearningRate);
        DiscriminatorOptimizer = NewAdam(_discriminatorParameters, _options.DiscriminatorLearningRate);
    }

    /// <summary>The generator's Adam.</summary>
    public Adam GeneratorOptimizer { get; }

    /// <summary>The discriminator's Adam.</summary>
    public Adam DiscriminatorOptimizer { get; }

    /// <summary>Updates both networks. Gradients stay in the parameters until the next step.</summary>
    /// <param name="real">Real images [N, C, H, W] in [-1, 1], on the networks' device.</param>
    /// <param name="latents">Draws latents [N, latent size] on the same device; called once, or twice where the generator's batch is fresh.</param>
    /// <param name="labels">The real images' label vectors [N, label size], which the generated ones get as well; null where the networks are unconditional.</param>
    public StepOutcome Run(Tensor real, Func<Tensor> latents, Tensor? labels = null)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(latents);
        return _options.Updates == UpdateOrder.Together ? RunTogether(real, latents, labels) : RunAlternating(real, latents, labels);
    }

    private StepOutcome RunAlternating(Tensor real, Func<Tensor> latents, Tensor? labels)
    {
        var reuse = _options.GeneratorBatch == GeneratorBatch.Reused;
        var generated = Generate(latents(), labels, withGradient: reuse);
        var realLogits = _networks.Judge(real, labels);
        var generatedLogits = _networks.Judge(generated.detach(), labels);
        var discriminatorLoss = _objective.DiscriminatorLoss(realLogits, generatedLogits);
        _networks.Discriminator.zero_grad();
        discriminatorLoss.backward();
        DiscriminatorOptimizer.step();

        if (!reuse) generated = Generate(latents(), labels, withGradient: true);
        var generatorLoss = _objective.GeneratorLoss(JudgeForGenerator(generated, labels));
        _networks.Generator.zero_grad();
        generatorLoss.backward();
        GeneratorOptimizer.step();
        return new(discriminatorLoss, generatorLoss, realLogits, generatedLogits);
    }

    private StepOutcome RunTogether(Tensor real, Func<Tensor> latents, Tensor? labels)
    {
        var reuse = _options.GeneratorBatch == GeneratorBatch.Reused;
        var generated = Generate(latents(), labels, withGradient: reuse);
        var realLogits = _networks.Judge(real, labels);
        var generatedLogits = _networks.Judge(generated, labels);
        var discriminatorLoss = _objective.DiscriminatorLoss(realLogits, generatedLogits);
        var generatorLoss = _objective.GeneratorLoss(reuse
            ? generatedLogits
            : JudgeForGenerator(Generate(latents(), labels, withGradient: true), labels));

        // Each loss reaches its own network's parameters alone; the other network's gradients are not computed.
        _networks.Discriminator.zero_grad();
        _networks.Generator.zero_grad();
        discriminatorLoss.backward(retain_graph: reuse, inputs: _discriminatorParameters);
        generatorLoss.backward(inputs: _generatorParameters);
        DiscriminatorOptimizer.step();
        GeneratorOptimizer.step();
        return new(discriminatorLoss, generatorLoss, realLogits, generatedLogits);
    }

    private Tensor Generate(Tensor latents, Tensor? labels, bool withGradient)
    {
        using (set_grad_enabled(withGradient)) return _networks.Generate(latents, labels);
    }

    /// <summary>The discriminator's logits, with gradients towards the images but none for its own parameters.</summary>
    private Tensor JudgeForGenerator(Tensor generated, Tensor? labels)
    {
        foreach (var parameter in _discriminatorParameters) parameter.requires_grad = false;
        try
        {
            return _networks.Judge(generated, labels);
        }
        finally
        {
            foreach (var parameter in _discriminatorParameters) parameter.requires_grad = true;
        }
    }

    private Adam NewAdam(Parameter[] parameters, double learningRate) =>
        new(parameters, learningRate, _options.Beta1, _options.Beta2, _options.Epsilon);

    /// <summary>Frees the optimisers' tensors; the networks stay.</summary>
    public void Dispose()
    {
        GeneratorOptimizer.Dispose();
        DiscriminatorOptimizer.Dispose();
    }
}
