namespace GanPipeline.Training;

/// <summary>
/// Tells from the lines of a training's log what is wrong with it. Losses and accuracies are smoothed, with weights that halve every 200
/// steps; nothing is told by a single step, nor by a single look at the samples.
/// </summary>
/// <remarks>
/// A condition begins when its signs were there for 500 steps and ends when they were gone for 500 steps. It follows from the lines alone,
/// so that a log always tells the same. The thresholds lie between what healthy trainings and provoked failures of several kinds of
/// networks and images show; <c>docs/diagnosis.md</c> has the measurements.
/// </remarks>
public sealed class Diagnosis
{
    private const double HalfLife = 200;
    private const long FirstStep = 200, Persistence = 500, ProgressSteps = 1000;

    // Accuracies.
    private const double Wrong = 0.25, Chance = 0.53, Certain = 0.95;

    // Of losses of log-odds or margins. Healthy discriminators stay under 2, most under the 0.7 of guessing; healthy generators stay under
    // 4. A discriminator that is far ahead gives the generator 4 to 9.
    private const double HighestDiscriminatorLoss = 3, HopelessLoss = 4, HighestLoss = 15, HighestCriticLoss = 10_000;

    // Gradient norms by the highest so far; with a dead generator it is 0 while the loss is as high as that of a fooled one never is.
    private const double Vanished = 0.01, Dead = 1e-3, DeadLoss = 5;

    // Of the samples.
    private const double Far = 0.1, StillAsFar = 0.8, Worse = 1.5, NeverNear = 0.6;
    private const double Alike = 0.05, LatentIgnored = 0.01, SomeVariation = 0.05, MoreDiverse = 1.3;
    private const double Copies = 0.5, ByHeart = 0.6;

    private static readonly TrainingCondition[] _all = Enum.GetValues<TrainingCondition>();

    private readonly double _highestDiscriminatorLoss;
    private readonly double _highestLoss;
    private readonly bool _hasLogOdds;
    private readonly List<GanMetrics> _looks = [];
    private readonly List<double> _overfitting = [];
    // Its generator learns from targets, whatever the discriminator knows.
    private bool _translates;
    private readonly Dictionary<TrainingCondition, long> _active = [];
    private readonly Dictionary<TrainingCondition, long> _changing = [];
    private Signals? _signals;
    private double _peak;

    /// <summary>A diagnosis before its first line.</summary>
    /// <param name="loss">What the networks are trained by: a critic's losses have no scale.</param>
    public Diagnosis(GanLoss loss)
    {
        (_highestDiscriminatorLoss, _highestLoss) = loss == GanLoss.Wasserstein ? (HighestCriticLoss, HighestCriticLoss)
            : (HighestDiscriminatorLoss, HighestLoss);
        _hasLogOdds = loss is GanLoss.CrossEntropy or GanLoss.Relativistic;
    }

    /// <summary>What is wrong now, in the order of <see cref="TrainingCondition"/>; empty where nothing is.</summary>
    public IReadOnlyList<TrainingCondition> Active => [.. _all.Where(_active.ContainsKey)];

    /// <summary>The conditions of a whole log, in the order in which they began.</summary>
    /// <param name="loss">What the networks are trained by.</param>
    /// <param name="lines">The log's lines, in order.</param>
    public static IReadOnlyList<ConditionSpan> Of(GanLoss loss, IEnumerable<GanMetrics> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var diagnosis = new Diagnosis(loss);
        List<ConditionSpan> spans = [];
        foreach (var line in lines)
        {
            foreach (var change in diagnosis.Add(line))
            {
                if (change.Begins) spans.Add(new(change.Condition, change.Step, null));
                else
                {
                    var at = spans.FindLastIndex(span => span.Condition == change.Condition);
                    spans[at] = spans[at] with { To = change.Step };
                }
            }
        }
        return spans;
    }

    /// <summary>Takes note of the next line.</summary>
    /// <returns>What begins or ends with it; most often nothing.</returns>
    public IReadOnlyList<ConditionChange> Add(GanMetrics line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _translates = line.Difference is not null;
        _signals = Signals.Next(_signals, line, 2 * _highestLoss);
        _peak = Math.Max(_peak, _signals.GeneratorGradient);
        if (line.Diversity is not null && line.Distance is not null) _looks.Add(line);
        if (line.Overfitting is { } overfitting) _overfitting.Add(overfitting);
        return line.Step < FirstStep ? [] : [.. Changes(line.Step, Signs(_signals))];
    }

    private IEnumerable<ConditionChange> Changes(long step, HashSet<TrainingCondition> signs)
    {
        foreach (var condition in _all)
        {
            var isActive = _active.ContainsKey(condition);
            if (signs.Contains(condition) == isActive)
            {
                _changing.Remove(condition);
                continue;
            }
            if (step - (_changing.TryGetValue(condition, out var since) ? since : _changing[condition] = step) < Persistence) continue;
            _changing.Remove(condition);
            if (isActive) _active.Remove(condition);
            else _active[condition] = step;
            yield return new(condition, step, !isActive);
        }
    }

    /// <summary>The conditions whose signs are there. What follows from another one is left out.</summary>
    private HashSet<TrainingCondition> Signs(Signals s)
    {
        HashSet<TrainingCondition> signs = [];
        if (s.RealAccuracy < Wrong && s.GeneratedAccuracy < Wrong) return [TrainingCondition.SwappedLabels];
        if (_active.ContainsKey(TrainingCondition.SwappedLabels)) return [];
        var isDead = s.GeneratorGradient < Dead * _peak && Math.Abs(s.GeneratorLoss) > DeadLoss;
        var isBoundless = Math.Abs(s.GeneratorLoss) > _highestLoss || Math.Abs(s.DiscriminatorLoss) > _highestDiscriminatorLoss;
        if (isBoundless || isDead) return [TrainingCondition.Divergence];
        if (_active.ContainsKey(TrainingCondition.Divergence)) return [];
        if (_overfitting.Count > 1 && Median(_overfitting.TakeLast(3)) > ByHeart) signs.Add(TrainingCondition.Overfitting);
        var isCertain = s.RealAccuracy > Certain && s.GeneratedAccuracy > Certain;
        if (_translates) return signs;
        if (isCertain && s.GeneratorGradient < Vanished * _peak)
        {
            signs.Add(TrainingCondition.VanishingGradients);
            return signs;
        }
        if (isCertain && _hasLogOdds && s.GeneratorLoss > HopelessLoss) signs.Add(TrainingCondition.DiscriminatorDominates);
        if (_looks is not [.., var last]) return signs;

        if (last.Novelty < Copies) signs.Add(TrainingCondition.Copying);
        var distance = last.Distance!.Value;
        var isFar = distance > Far;
        if (isFar && (s.RealAccuracy + s.GeneratedAccuracy) / 2 < Chance) signs.Add(TrainingCondition.GeneratorDominates);
        var isStuck = _looks.Count > 1 && distance > StillAsFar * Earlier(last.Step).Min();
        if (isFar && isCertain)
        {
            if (_looks.Min(look => look.Distance) is var best && best < NeverNear * _looks[0].Distance && distance > Worse * best)
            {
                signs.Add(TrainingCondition.HiddenCues);
                signs.Remove(TrainingCondition.DiscriminatorDominates);
            }
            else if (isStuck) signs.Add(TrainingCondition.DiscriminatorDominates);
        }
        var isAlike = last.Diversity < Alike || last.Variation < LatentIgnored;
        // Of a generator that never got anywhere samples are alike as well.
        var neverBegan = signs.Contains(TrainingCondition.DiscriminatorDominates) && last.Variation >= SomeVariation &&
            distance > NeverNear * _looks[0].Distance;
        if (_looks is [.., var before, _] && isAlike && last.Diversity < MoreDiverse * before.Diversity && !neverBegan)
            signs.Add(TrainingCondition.ModeCollapse);
        return signs;
    }

    /// <summary>The distances of at least 1,000 steps ago; of the first look where there is none so old.</summary>
    private IEnumerable<double> Earlier(long step)
    {
        var earlier = _looks.Where(look => look.Step <= step - ProgressSteps).ToArray();
        return (earlier.Length > 0 ? earlier : [_looks[0]]).Select(look => look.Distance!.Value);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(sorted.Length - 1) / 2];
    }

    /// <summary>What is smoothed.</summary>
    private sealed record Signals(long Step, double RealAccuracy, double GeneratedAccuracy, double DiscriminatorLoss, double GeneratorLoss,
        double GeneratorGradient)
    {
        /// <param name="before">The signals so far; null where there are none.</param>
        /// <param name="line">The next line.</param>
        /// <param name="highestLoss">Losses count as this at most, so that one interval does not decide.</param>
        public static Signals Next(Signals? before, GanMetrics line, double highestLoss)
        {
            var past = before is null ? 0 : Math.Pow(0.5, (line.Step - before.Step) / HalfLife);
            return new(line.Step, Mix(before?.RealAccuracy, line.RealAccuracy), Mix(before?.GeneratedAccuracy, line.GeneratedAccuracy),
                Mix(before?.DiscriminatorLoss, Math.Clamp(line.DiscriminatorLoss, -highestLoss, highestLoss)),
                Mix(before?.GeneratorLoss, Math.Clamp(line.GeneratorLoss, -highestLoss, highestLoss)),
                // One that is not finite says nothing here.
                Mix(before?.GeneratorGradient, line.GeneratorGradientNorm ?? before?.GeneratorGradient ?? 0));

            double Mix(double? old, double value) => past * (old ?? 0) + (1 - past) * value;
        }
    }
}

/// <summary>A condition begins or ends.</summary>
/// <param name="Condition">Which.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Begins">Whether it begins; else it ends.</param>
public readonly record struct ConditionChange(TrainingCondition Condition, long Step, bool Begins);

/// <summary>A condition from its beginning to its end.</summary>
/// <param name="Condition">Which.</param>
/// <param name="From">Steps done when it was told.</param>
/// <param name="To">Steps done when it was over; null where it was not.</param>
public readonly record struct ConditionSpan(TrainingCondition Condition, long From, long? To);
