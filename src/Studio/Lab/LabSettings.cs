using GanPipeline.Training;

namespace GanPipeline.Studio;

/// <summary>What a lab's generator draws its points from.</summary>
internal enum LabNoise
{
    /// <summary>Evenly from -1 to 1.</summary>
    Uniform,

    /// <summary>Standard normal.</summary>
    Normal,
}

/// <summary>What follows each hidden layer.</summary>
internal enum LabActivation
{
    /// <summary>The larger of x and 0.2 x.</summary>
    LeakyRelu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,
}

/// <summary>How a network's weights follow its gradients.</summary>
internal enum LabOptimizer
{
    /// <summary>Adam (Kingma, Ba 2015) with decays of 0.5 and 0.999.</summary>
    Adam,

    /// <summary>Plain gradient descent.</summary>
    Sgd,
}

/// <summary>One of a lab's two networks, of dense layers.</summary>
internal sealed record LabNetworkSettings
{
    /// <summary>Hidden layers, 1 to 5.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Neurons of a hidden layer, 1 to 128.</summary>
    public int Width { get; init; } = 24;

    /// <summary>What follows each hidden layer.</summary>
    public LabActivation Activation { get; init; }

    /// <summary>How its weights follow its gradients.</summary>
    public LabOptimizer Optimizer { get; init; }

    /// <summary>Above 0, at most 1.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Updates a round, 0 to 10; with 0 the network stays as it is.</summary>
    public int Steps { get; init; } = 1;

    /// <summary>What is wrong, as a sentence each.</summary>
    public IEnumerable<(string Key, string Problem)> Problems(string prefix)
    {
        if (Layers is < 1 or > 5) yield return ($"{prefix}.layers", $"A network has 1 to 5 hidden layers; got {Layers}.");
        if (Width is < 1 or > 128) yield return ($"{prefix}.width", $"A hidden layer has 1 to 128 neurons; got {Width}.");
        if (!(LearningRate is > 0 and <= 1))
            yield return ($"{prefix}.learningRate", $"A learning rate is above 0 and at most 1; got {LearningRate}.");
        if (Steps is < 0 or > 10) yield return ($"{prefix}.steps", $"A network has 0 to 10 updates a round; got {Steps}.");
        if (!Enum.IsDefined(Activation)) yield return ($"{prefix}.activation", $"Unknown activation {Activation}.");
        if (!Enum.IsDefined(Optimizer)) yield return ($"{prefix}.optimizer", $"Unknown optimizer {Optimizer}.");
    }
}

/// <summary>All that a lab's training follows from.</summary>
internal sealed record LabSettings
{
    /// <summary>What the generator learns.</summary>
    public LabShape Data { get; init; } = LabShape.Ring;

    /// <summary>The points of <see cref="LabShape.Drawn"/>, x and y by turns, each from -1 to 1.</summary>
    public IReadOnlyList<float> Drawn { get; init; } = [];

    /// <summary>Dimensions of the noise, 1 or 2.</summary>
    public int LatentSize { get; init; } = 2;

    /// <summary>How the noise is distributed.</summary>
    public LabNoise Noise { get; init; }

    /// <summary>What the networks are trained towards.</summary>
    public GanLoss Loss { get; init; }

    /// <summary>The weight of the gradient penalty of <see cref="GanLoss.Wasserstein"/>, 0 to 100.</summary>
    public double GradientPenalty { get; init; } = 1;

    /// <summary>
    /// The weight of R1 (Mescheder, Geiger, Nowozin 2018), the discriminator's squared gradient at real points; 0 to 100.
    /// </summary>
    public double R1 { get; init; }

    /// <summary>
    /// Decay of the moving average of the generator's weights, by which the points shown are made; 0, none, to 0.9999. The training itself
    /// goes by the weights.
    /// </summary>
    public double Averaging { get; init; }

    /// <summary>Points of a batch, 2 to 1,000.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Decides weights, noise and data.</summary>
    public int Seed { get; init; }

    /// <summary>The network that makes points of noise.</summary>
    public LabNetworkSettings Generator { get; init; } = new();

    /// <summary>The network that tells generated points from real ones.</summary>
    public LabNetworkSettings Discriminator { get; init; } = new();

    /// <summary>What is wrong, as a sentence each, with the setting's key.</summary>
    public IEnumerable<(string Key, string Problem)> Problems()
    {
        if (!Enum.IsDefined(Data)) yield return ("data", $"Unknown distribution {Data}.");
        if (Drawn.Count > 2 * LabData.MostDrawn || Drawn.Count % 2 != 0 || Drawn.Any(x => !(x is >= -1 and <= 1)))
            yield return ("drawn", $"A drawing has at most {LabData.MostDrawn} points, x and y by turns from -1 to 1; " +
                $"got {Drawn.Count} numbers.");
        else if (Data == LabShape.Drawn && Drawn.Count == 0) yield return ("drawn", "Nothing is drawn yet.");
        if (LatentSize is < 1 or > 2) yield return ("latentSize", $"The noise has 1 or 2 dimensions; got {LatentSize}.");
        if (!Enum.IsDefined(Noise)) yield return ("noise", $"Unknown noise {Noise}.");
        if (Loss is not (GanLoss.CrossEntropy or GanLoss.LeastSquares or GanLoss.Wasserstein or GanLoss.Relativistic))
            yield return ("loss", $"A lab has the losses cross-entropy, least-squares, wasserstein and relativistic; got {Loss}.");
        if (!(GradientPenalty is >= 0 and <= 100))
            yield return ("gradientPenalty", $"The gradient penalty's weight is 0 to 100; got {GradientPenalty}.");
        if (!(R1 is >= 0 and <= 100)) yield return ("r1", $"The weight of R1 is 0 to 100; got {R1}.");
        if (!(Averaging is >= 0 and <= 0.9999)) yield return ("averaging", $"The average's decay is 0 to 0.9999; got {Averaging}.");
        if (BatchSize is < 2 or > 1000) yield return ("batchSize", $"A batch has 2 to 1,000 points; got {BatchSize}.");
        foreach (var problem in Generator.Problems("generator").Concat(Discriminator.Problems("discriminator"))) yield return problem;
    }
}
