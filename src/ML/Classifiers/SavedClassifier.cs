using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>What <c>mlContext.Model.SaveClassifier</c> wrote, and how it compares with the ML.NET model.</summary>
/// <param name="Labels">The classes, in the order of the scores; one binary attribute where the label is a Boolean.</param>
/// <param name="IsCalibrated">Whether the scores are probabilities; see <see cref="ClassifierModel.IsCalibrated"/>.</param>
/// <param name="ImagesCompared">The images that both classified.</param>
/// <param name="MaximumDifference">
/// The largest difference of a score: of a probability where there are probabilities, else of the score divided by the largest one.
/// </param>
public sealed record SavedClassifier(LabelLayout Labels, bool IsCalibrated, int ImagesCompared, double MaximumDifference);
