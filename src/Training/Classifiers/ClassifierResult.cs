namespace GanPipeline.Training;

/// <summary>What a classifier's training came to.</summary>
/// <param name="Finished">Whether all steps are done; otherwise a stop was asked for, and nothing was measured.</param>
/// <param name="FirstStep">Steps that an earlier, interrupted training had done.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Accuracies">Share of the held-out images of which each attribute is read right, in the attributes' order.</param>
/// <param name="HeldOut">Held-out images it was measured on.</param>
/// <param name="Elapsed">Time spent training, before an interruption too.</param>
public sealed record ClassifierResult(
    bool Finished, long FirstStep, long Step, long Steps, IReadOnlyList<double> Accuracies, int HeldOut, TimeSpan Elapsed)
{
    /// <summary>The mean of <see cref="Accuracies"/>.</summary>
    public double Accuracy => Accuracies.Count > 0 ? Accuracies.Average() : 0;
}
