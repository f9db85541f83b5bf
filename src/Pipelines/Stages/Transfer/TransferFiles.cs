using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>What a transfer experiment leaves: the classifier as an ML.NET model, and its confusion matrix as a picture.</summary>
internal static class TransferFiles
{
    public const string Model = "classifier.zip", Confusion = "confusion.png";

    /// <param name="folder">Where they go.</param>
    /// <param name="result">What was found.</param>
    /// <param name="features">The features' model, which becomes part of the classifier.</param>
    public static void Write(string folder, TransferResult result, string features)
    {
        result.Classifier.Save(Path.Combine(folder, Model), features);
        ConfusionPicture.SavePng(result.Features.Confusion, Path.Combine(folder, Confusion));
    }
}
