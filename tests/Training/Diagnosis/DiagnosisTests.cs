namespace GanPipeline.Training.Tests;

public class DiagnosisTests
{
    /// <summary>A line of a healthy training: its samples come nearer and are diverse.</summary>
    private static GanMetrics Healthy(long step) => new()
    {
        Step = step,
        DiscriminatorLoss = 0.6,
        GeneratorLoss = 1,
        RealAccuracy = 0.7,
        GeneratedAccuracy = 0.75,
        GeneratorGradientNorm = 4,
        Distance = step % 500 == 0 ? 1000.0 / (1000 + step) : null,
        Diversity = step % 500 == 0 ? 0.8 : null,
        Novelty = step % 500 == 0 ? 1 : null,
        Variation = step % 500 == 0 ? 0.5 : null,
        Overfitting = step % 500 == 0 ? 0.2 : null,
    };

    private static IEnumerable<GanMetrics> Log(Func<GanMetrics, GanMetrics> ill, long from = 0, long to = 4000) =>
        Enumerable.Range(1, 300).Select(i => Healthy(i * 20)).Select(line => line.Step > from && line.Step <= to ? ill(line) : line);

    private static GanMetrics Looked(GanMetrics line, Func<GanMetrics, GanMetrics> look) => line.Diversity is null ? line : look(line);

    private static readonly Dictionary<TrainingCondition, Func<GanMetrics, GanMetrics>> _ill = new()
    {
        [TrainingCondition.SwappedLabels] = line => line with { RealAccuracy = 0.02, GeneratedAccuracy = 0.05 },
        [TrainingCondition.Divergence] = line => line with { GeneratorLoss = 300 },
        [TrainingCondition.VanishingGradients] = line => line with
        {
            RealAccuracy = 1,
            GeneratedAccuracy = 1,
            GeneratorGradientNorm = line.Step > 100 ? 0.001 : 4,
        },
        [TrainingCondition.ModeCollapse] = line => Looked(line, look => look with { Diversity = 0.01 }),
        [TrainingCondition.DiscriminatorDominates] = line =>
            Looked(line with { RealAccuracy = 0.99, GeneratedAccuracy = 1 }, look => look with { Distance = 0.7 }),
        [TrainingCondition.GeneratorDominates] = line =>
            Looked(line with { RealAccuracy = 0.5, GeneratedAccuracy = 0.45 }, look => look with { Distance = 0.7 }),
        [TrainingCondition.HiddenCues] = line => Looked(line with { RealAccuracy = 0.99, GeneratedAccuracy = 1 },
            look => look with { Distance = 0.1 + 0.8 * Math.Abs(look.Step - 1000) / 1000.0 }),
        [TrainingCondition.Overfitting] = line => Looked(line, look => look with { Overfitting = 1.1 }),
        [TrainingCondition.Copying] = line => Looked(line, look => look with { Novelty = 0.1 }),
    };

    public static TheoryData<TrainingCondition> Conditions => [.. Enum.GetValues<TrainingCondition>()];

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Each_condition_is_told_alone_and_ends(TrainingCondition condition)
    {
        var span = Assert.Single(Diagnosis.Of(GanLoss.CrossEntropy, Log(_ill[condition])));
        Assert.Equal(condition, span.Condition);
        Assert.InRange(span.From, 500, 2500);
        Assert.InRange(span.To!.Value, 4000, 6000);
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Signs_that_pass_are_not_told(TrainingCondition condition) =>
        Assert.Empty(Diagnosis.Of(GanLoss.CrossEntropy, Log(_ill[condition], from: 1520, to: 1800)));

    [Fact]
    public void A_healthy_training_has_none() => Assert.Empty(Diagnosis.Of(GanLoss.CrossEntropy, Log(line => line)));

    [Fact]
    public void A_discriminator_that_is_right_while_samples_come_near_does_no_harm() => Assert.Empty(Diagnosis.Of(GanLoss.Relativistic,
        Log(line => Looked(line with { RealAccuracy = 1, GeneratedAccuracy = 1 },
            look => look with { Distance = 0.5 * Math.Exp(-look.Step / 1000.0) }))));

    [Fact]
    public void A_critic_may_have_losses_of_any_scale() =>
        Assert.Empty(Diagnosis.Of(GanLoss.Wasserstein, Log(line => line with { DiscriminatorLoss = -400, GeneratorLoss = 250 })));

    [Fact]
    public void What_follows_from_a_divergence_is_not_told_beside_it()
    {
        var all = _ill.Where(ill => ill.Key != TrainingCondition.SwappedLabels).Select(ill => ill.Value);
        Assert.Equal(TrainingCondition.Divergence,
            Assert.Single(Diagnosis.Of(GanLoss.Hinge, Log(line => all.Aggregate(line, (l, ill) => ill(l))))).Condition);
    }

    [Fact]
    public void A_generator_that_learns_from_targets_is_not_lost_where_the_discriminator_wins()
    {
        GanMetrics Won(GanMetrics line) => line with { RealAccuracy = 1, GeneratedAccuracy = 1, GeneratorLoss = 8 };
        Assert.Equal([TrainingCondition.DiscriminatorDominates],
            Diagnosis.Of(GanLoss.CrossEntropy, Log(Won)).Select(span => span.Condition));
        Assert.Empty(Diagnosis.Of(GanLoss.CrossEntropy, Log(line => Won(line) with { Difference = 0.1 })));
    }

    [Fact]
    public void Samples_of_a_generator_that_never_began_are_no_collapse()
    {
        var spans = Diagnosis.Of(GanLoss.CrossEntropy, Log(line => Looked(line with { RealAccuracy = 1, GeneratedAccuracy = 1 },
            look => look with { Distance = 0.7, Diversity = 0.01, Variation = 0.3 })));
        Assert.Equal([TrainingCondition.DiscriminatorDominates], spans.Select(span => span.Condition));
    }

    [Fact]
    public void Without_looks_losses_and_gradients_tell()
    {
        static GanMetrics Blind(GanMetrics line) =>
            line with { Distance = null, Diversity = null, Novelty = null, Variation = null, Overfitting = null };
        Assert.Equal([TrainingCondition.SwappedLabels, TrainingCondition.Divergence, TrainingCondition.VanishingGradients],
            _ill.Where(ill => Diagnosis.Of(GanLoss.CrossEntropy, Log(line => Blind(ill.Value(line)))).Count > 0).Select(ill => ill.Key));
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Each_condition_has_words(TrainingCondition condition)
    {
        Assert.Matches("^[a-z]+(-[a-z]+)*$", condition.Key());
        Assert.EndsWith(".", condition.Meaning(), StringComparison.Ordinal);
        Assert.NotEmpty(condition.Remedies());
        Assert.NotEmpty(condition.Name());
    }
}
