using System.Globalization;

namespace GanPipeline.Training;

/// <summary>From a step on, a training was to have this many steps.</summary>
/// <param name="From">Steps done when it was asked for.</param>
/// <param name="Steps">Steps of the whole training.</param>
public readonly record struct PlannedSteps(long From, long Steps)
{
    /// <summary>The plans of a training that goes on, with what is asked for now.</summary>
    /// <param name="earlier">Those of its checkpoint.</param>
    /// <param name="step">Steps done.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="changed">Is told where learning rates that were falling to 0 at one step now fall to 0 at another.</param>
    internal static IReadOnlyList<PlannedSteps> GoOn(
        IReadOnlyList<PlannedSteps> earlier, long step, TrainingOptions options, Action<string> changed)
    {
        if (options.LearningRateDecay != LearningRateDecay.Linear || step == options.Steps) return earlier;
        if (earlier is not [.., var last]) return [new(step, options.Steps)];
        if (last.Steps == options.Steps) return earlier;
        changed(string.Create(CultureInfo.InvariantCulture,
            $"The learning rates were falling to 0 at step {last.Steps:N0}; from step {step:N0} on they take the line that is 0 at step " +
            $"{options.Steps:N0}."));
        return [.. earlier.Where(plan => plan.From < step), new(step, options.Steps)];
    }
}
