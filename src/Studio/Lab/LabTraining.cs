using GanPipeline.Evaluation;
using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Studio;

/// <summary>
/// A generator and a discriminator of a few dense layers that learn a two-dimensional distribution. All random numbers follow from the
/// settings and the number of an update, so that equal settings give equal trainings. Not for several threads at once.
/// </summary>
internal sealed class LabTraining : IDisposable
{
    /// <summary>Points of a line of <see cref="LabFrame.Judgements"/>.</summary>
    public const int JudgementSide = 40;

    /// <summary>Points of a line of a two-dimensional <see cref="LabFrame.Manifold"/>.</summary>
    public const int ManifoldSide = 21;

    /// <summary>Points of a one-dimensional <see cref="LabFrame.Manifold"/>.</summary>
    public const int ManifoldLength = 201;

    /// <summary>Real points that are shown, and generated ones.</summary>
    public const int ShownPoints = 450;

    private const int ShownGradients = 150, DivergencePoints = 4096, LookPoints = 512, LookReals = 1000;
    private const int LineEvery = 20, LookEvery = 500;

    // Normal noise beyond is rare.
    private const float NormalReach = 2.5f;
    private const double KernelWidth = 0.2;

    // The random numbers of each purpose.
    private const long RealPlace = 1, NoisePlace = 2, ShownPlace = 3, GeneratorPlace = 4, DiscriminatorPlace = 5, PenaltyPlace = 6;

    private LabNetwork _generator = null!;
    private LabNetwork _discriminator = null!;
    private Objective _objective = null!;
    private LabData _data = null!;
    private LabGrid _grid = null!;
    private Diagnosis _diagnosis = null!;
    private SampleComparison? _comparison;
    private double _noiseDistance;
    private double _discriminatorLoss, _generatorLoss;
    private long _discriminatorSteps, _generatorSteps;

    /// <exception cref="ArgumentException">The settings are wrong, see <see cref="LabSettings.Problems"/>.</exception>
    public LabTraining(LabSettings settings)
    {
        Settings = Checked(settings);
        Restart();
    }

    /// <summary>What it is trained by.</summary>
    public LabSettings Settings { get; private set; }

    /// <summary>The real points that are shown, x and y by turns.</summary>
    public float[] Real => _data.Sample(RandomSeeds.Mix(Settings.Seed, ShownPlace), ShownPoints);

    /// <summary>Rounds done.</summary>
    public long Rounds { get; private set; }

    /// <summary>The networks' weights, for tests.</summary>
    public (float[] Generator, float[] Discriminator) Weights => (_generator.Weights, _discriminator.Weights);

    /// <summary>
    /// Goes on by other settings. A network with other layers, or of other noise, begins anew; what else is changed applies to the next
    /// update.
    /// </summary>
    /// <exception cref="ArgumentException">The settings are wrong; the training stays as it was.</exception>
    public void Change(LabSettings settings)
    {
        var before = Settings;
        Settings = Checked(settings);
        if (settings.Seed != before.Seed)
        {
            Restart();
            return;
        }
        if (settings.LatentSize != before.LatentSize || !HasEqualLayers(settings.Generator, before.Generator))
            Replace(ref _generator, NewGenerator());
        if (!HasEqualLayers(settings.Discriminator, before.Discriminator)) Replace(ref _discriminator, NewDiscriminator());
        Adopt(_generator, settings.Generator);
        Adopt(_discriminator, settings.Discriminator);
        if (settings.Loss != before.Loss)
        {
            _objective = NewObjective();
            _diagnosis = new(settings.Loss);
        }
        if (settings.Data != before.Data || !settings.Drawn.SequenceEqual(before.Drawn)) UseData();
    }

    /// <summary>Begins anew by the same settings.</summary>
    public void Restart()
    {
        Replace(ref _generator, NewGenerator());
        Replace(ref _discriminator, NewDiscriminator());
        _objective = NewObjective();
        Rounds = _discriminatorSteps = _generatorSteps = 0;
        _discriminatorLoss = _generatorLoss = double.NaN;
        UseData();
    }

    /// <summary>The discriminator's updates of a round, then the generator's.</summary>
    public void StepRound()
    {
        StepDiscriminators();
        StepGenerators();
    }

    /// <summary>A round's updates of the discriminator.</summary>
    public void StepDiscriminators()
    {
        for (var i = 0; i < Settings.Discriminator.Steps; i++) StepDiscriminator();
    }

    /// <summary>A round's updates of the generator, which end it.</summary>
    public void StepGenerators()
    {
        for (var i = 0; i < Settings.Generator.Steps; i++) StepGenerator();
        Rounds++;
        if (Rounds % LineEvery == 0) Diagnose();
    }

    /// <summary>One update of the discriminator; the generator stays as it is.</summary>
    public void StepDiscriminator()
    {
        using var scope = NewDisposeScope();
        var size = Settings.BatchSize;
        var real = Points(_data.Sample(RandomSeeds.Mix(RandomSeeds.Mix(Settings.Seed, RealPlace), _discriminatorSteps), size));
        Tensor generated;
        using (no_grad()) generated = _generator.Call(Noise(RandomSeeds.Mix(Settings.Seed, NoisePlace), 2 * _discriminatorSteps, size));
        var outputs = _discriminator.Call(cat([real, generated]));
        var loss = _objective.DiscriminatorLoss(outputs.narrow(0, 0, size), outputs.narrow(0, size, size));
        if (Settings.Loss == GanLoss.Wasserstein && Settings.GradientPenalty > 0)
        {
            // Torch's own random numbers are shared with the other labs.
            var share = UniformNoise.Of(RandomSeeds.Mix(RandomSeeds.Mix(Settings.Seed, PenaltyPlace), _discriminatorSteps), size);
            loss += Settings.GradientPenalty * GradientPenalties.Between(_discriminator.Call, real, generated, tensor(share, [size, 1]));
        }
        if (Settings.R1 > 0)
        {
            var at = real.detach().requires_grad_();
            loss += Settings.R1 / 2 * GradientPenalties.At(_discriminator.Call(at), at);
        }
        _discriminator.Update(loss, measure: false);
        _discriminatorLoss = loss.item<float>();
        _discriminatorSteps++;
    }

    /// <summary>One update of the generator; the discriminator stays as it is.</summary>
    public void StepGenerator()
    {
        using var scope = NewDisposeScope();
        var size = Settings.BatchSize;
        var generated = _generator.Call(Noise(RandomSeeds.Mix(Settings.Seed, NoisePlace), 2 * _generatorSteps + 1, size));
        var loss = GeneratorLoss(generated, size);
        _generator.Update(loss, measure: Rounds % LineEvery == LineEvery - 1);
        _generator.Average(Settings.Averaging);
        _generatorLoss = loss.item<float>();
        _generatorSteps++;
    }

    /// <summary>What a page shows.</summary>
    public LabFrame Frame()
    {
        using var scope = NewDisposeScope();
        var noise = Noise(RandomSeeds.Mix(Settings.Seed, ShownPlace), 0, DivergencePoints);
        Tensor points, judgements, manifold, realOutputs, generatedOutputs;
        using (no_grad())
        {
            points = _generator.CallAveraged(noise);
            manifold = _generator.CallAveraged(ManifoldNoise());
            judgements = Judged(_discriminator.Call(JudgementPoints()));
            realOutputs = _discriminator.Call(Points(Real));
            generatedOutputs = _discriminator.Call(points[..ShownPoints]);
        }
        var shown = points[..ShownGradients].detach().requires_grad_();
        // The loss is a mean; each point's own gradient is wanted.
        var gradients = autograd.grad([GeneratorLoss(shown, ShownGradients) * ShownGradients], [shown])[0].neg();
        var generated = points.data<float>().ToArray();
        var (realAccuracy, generatedAccuracy) = Accuracies(realOutputs, generatedOutputs);
        return new()
        {
            Round = Rounds,
            DiscriminatorSteps = _discriminatorSteps,
            GeneratorSteps = _generatorSteps,
            DiscriminatorLoss = _discriminatorLoss,
            GeneratorLoss = _generatorLoss,
            KullbackLeibler = _grid.KullbackLeibler(generated),
            JensenShannon = _grid.JensenShannon(generated),
            RealAccuracy = realAccuracy,
            GeneratedAccuracy = generatedAccuracy,
            Conditions = [.. _diagnosis.Active.Select(condition => condition.Key())],
            Generated = generated[..(2 * ShownPoints)],
            Gradients = gradients.data<float>().ToArray(),
            Judgements = judgements.data<float>().ToArray(),
            Manifold = manifold.data<float>().ToArray(),
        };
    }

    private static LabSettings Checked(LabSettings settings)
    {
        foreach (var (_, problem) in settings.Problems()) throw new ArgumentException(problem, nameof(settings));
        return settings;
    }

    private static bool HasEqualLayers(LabNetworkSettings a, LabNetworkSettings b) =>
        (a.Layers, a.Width, a.Activation) == (b.Layers, b.Width, b.Activation);

    private static void Adopt(LabNetwork network, LabNetworkSettings settings) =>
        (network.LearningRate, network.Optimizer) = (settings.LearningRate, settings.Optimizer);

    private static void Replace(ref LabNetwork network, LabNetwork other)
    {
        network?.Dispose();
        network = other;
    }

    private void UseData()
    {
        _data = new(Settings.Data, Settings.Drawn);
        _grid = new(_data);
        _comparison = null;
        _diagnosis = new(Settings.Loss);
    }

    private LabNetwork NewGenerator() => new(Settings.Generator, Settings.LatentSize, 2, RandomSeeds.Mix(Settings.Seed, GeneratorPlace));

    private LabNetwork NewDiscriminator() => new(Settings.Discriminator, 2, 1, RandomSeeds.Mix(Settings.Seed, DiscriminatorPlace));

    private Objective NewObjective() => Objectives.Create(new() { Loss = Settings.Loss });

    private Tensor GeneratorLoss(Tensor generated, int count) => _objective.GeneratorLoss(_discriminator.Call(generated),
        _objective.ComparesGenerated ? _discriminator.Call(Points(Real)[..count].detach()).detach() : null);

    private static Tensor Points(float[] values) => tensor(values, [values.Length / 2, 2]);

    private Tensor Noise(long seed, long batch, int count)
    {
        var size = Settings.LatentSize;
        if (Settings.Noise == LabNoise.Normal) return tensor(Latents.Normal(RandomSeeds.Mix(seed, batch), 0, count, size), [count, size]);
        var uniform = UniformNoise.Of(RandomSeeds.Mix(seed, batch), count * size);
        Spread(uniform);
        return tensor(uniform, [count, size]);
    }

    /// <summary>From [0, 1) to [-1, 1).</summary>
    private static void Spread(float[] uniform)
    {
        for (var i = 0; i < uniform.Length; i++) uniform[i] = 2 * uniform[i] - 1;
    }

    private Tensor ManifoldNoise()
    {
        var reach = Settings.Noise == LabNoise.Normal ? NormalReach : 1;
        if (Settings.LatentSize == 1) return linspace(-reach, reach, ManifoldLength).unsqueeze(1);
        return Lattice(ManifoldSide, reach);
    }

    // The middles of the cells.
    private static Tensor JudgementPoints() => Lattice(JudgementSide, 1 - 1f / JudgementSide);

    /// <summary>Points in rows, x first: [side * side, 2].</summary>
    private static Tensor Lattice(int side, float reach)
    {
        var line = linspace(-reach, reach, side);
        return stack([line.repeat(side), line.repeat_interleave(side)], 1);
    }

    /// <summary>The discriminator's outputs as shares from 0, generated, to 1, real.</summary>
    private Tensor Judged(Tensor outputs)
    {
        outputs = outputs.reshape(-1);
        if (_objective.IsProbabilistic) return outputs.sigmoid();
        // Least squares have the targets 0 and 1.
        if (Settings.Loss == GanLoss.LeastSquares) return outputs.clamp(0, 1);
        // Scores that are only higher or lower than others: the lowest of the square to the highest.
        var (low, high) = (outputs.min(), outputs.max());
        return (outputs - low) / (high - low).clamp_min(1e-6);
    }

    private (double Real, double Generated) Accuracies(Tensor real, Tensor generated)
    {
        if (_objective.Boundary is { } boundary) return (Share(real.gt(boundary)), Share(generated.le(boundary)));
        var right = Share(real.gt(generated));
        return (right, right);
    }

    private static double Share(Tensor flags) => flags.to(float32).mean().item<float>();

    private void Diagnose()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var generated = _generator.CallAveraged(Noise(RandomSeeds.Mix(Settings.Seed, ShownPlace), 0, LookPoints));
        var (real, fake) = Accuracies(_discriminator.Call(Points(Real)), _discriminator.Call(generated[..ShownPoints]));
        var line = new GanMetrics
        {
            Step = Rounds,
            DiscriminatorLoss = _discriminatorLoss,
            GeneratorLoss = _generatorLoss,
            RealAccuracy = real,
            GeneratedAccuracy = fake,
            GeneratorGradientNorm = _generator.GradientNorm,
        };
        _diagnosis.Add(Rounds % LookEvery == 0 ? Look(line, generated) : line);
    }

    private GanMetrics Look(GanMetrics line, Tensor generated)
    {
        var points = generated.data<float>().ToArray();
        var reals = _data.Sample(RandomSeeds.Mix(Settings.Seed, ShownPlace), LookReals);
        if (_comparison is null)
        {
            var uniform = UniformNoise.Of(Settings.Seed, LookReals);
            Spread(uniform);
            _comparison = new(reals, uniform, featureCount: 2);
            _noiseDistance = KernelDistance(reals, uniform);
        }
        var signs = _comparison.Compare(points);
        // New points are what a generator of points should make; they are not told from copies.
        return line with
        {
            Diversity = signs.Diversity,
            Distance = KernelDistance(reals, points) / _noiseDistance,
            Novelty = 1,
            Variation = Variance(points) / Variance(reals),
        };
    }

    /// <summary>
    /// The squared maximum mean discrepancy (Gretton et al. 2012, equation 3) of a Gaussian kernel. In the plane the polynomial kernel that
    /// pictures are compared by sees little more than the points' middle and spread.
    /// </summary>
    private static double KernelDistance(float[] first, float[] second)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Points(first), Points(second));
        return (Within(a) + Within(b) - 2 * Kernel(a, b).mean()).item<float>();

        static Tensor Within(Tensor points)
        {
            var count = points.shape[0];
            return (Kernel(points, points).sum() - count) / (count * (count - 1));
        }

        static Tensor Kernel(Tensor a, Tensor b) => (cdist(a, b).square() * (-0.5 / (KernelWidth * KernelWidth))).exp();
    }

    /// <summary>The mean squared distance from the mean.</summary>
    private static double Variance(float[] points)
    {
        using var all = Points(points);
        return all.var(0, unbiased: false).sum().item<float>();
    }

    public void Dispose()
    {
        _generator.Dispose();
        _discriminator.Dispose();
    }
}
