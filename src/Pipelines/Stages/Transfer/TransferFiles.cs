using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>What a transfer experiment leaves: the classifier as an ML.NET model.</summary>
internal static class TransferFiles
{
    public const string Model = "classifier.zip";

    /// <param name="folder">Where it goes.</param>
    /// <param name="result">What was found.</param>
    /// <param name="features">The features' model, which becomes part of the classifier.</param>
    public static void Write(string folder, TransferResult result, string features) =>
        result.Classifier.Save(Path.Combine(folder, Model), features);
}
