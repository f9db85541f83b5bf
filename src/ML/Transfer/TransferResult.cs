namespace GanPipeline.ML;

/// <summary>What a <see cref="TransferExperiment"/> found.</summary>
/// <param name="Features">Of the features that are examined.</param>
/// <param name="Controls">Of what they are compared with, on the same draws.</param>
/// <param name="Classifier">A classifier of the features: the one of the first draw.</param>
public sealed record TransferResult(RepresentationResult Features, IReadOnlyList<RepresentationResult> Controls, LinearFit Classifier);

/// <summary>How a classifier does on one representation.</summary>
/// <param name="Name">The representation's.</param>
/// <param name="Columns">Values of an image.</param>
/// <param name="Draws">One for each labelled subset; one in all where every label is used.</param>
/// <param name="Accuracy">The mean accuracy over the draws on the whole test set, as a share of 1. Over several draws the interval is
/// Student's of that mean, and says what other draws would give; with one it is Wilson's, and says what other test images would.</param>
/// <param name="Difference">Of a control: the features' accuracy less this one's, paired by draw, or by test image where there is one
/// draw.</param>
/// <param name="Confusion">[actual][predicted]: test images, summed over the draws.</param>
public sealed record RepresentationResult(string Name, int Columns, IReadOnlyList<DrawResult> Draws, Estimate Accuracy,
    Estimate? Difference, IReadOnlyList<IReadOnlyList<long>> Confusion)
{
    /// <summary>Of each class, the share of its test images that were recognised; not a number where it has none.</summary>
    public IReadOnlyList<double> Recall => [.. Confusion.Select((row, label) => row[label] / (double)row.Sum())];
}

/// <summary>One draw's classifier.</summary>
/// <param name="Accuracy">On the whole test set.</param>
/// <param name="Strength">The regularisation that the search chose.</param>
/// <param name="Trials">All that it tried.</param>
public sealed record DrawResult(double Accuracy, double Strength, IReadOnlyList<StrengthTrial> Trials);

/// <summary>One strength on the rows held out.</summary>
/// <param name="Strength">The regularisation.</param>
/// <param name="Accuracy">Share of the rows held out that were right.</param>
/// <param name="LogLoss">Mean log-loss of the rows held out.</param>
public sealed record StrengthTrial(double Strength, double Accuracy, double LogLoss);
