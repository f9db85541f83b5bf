using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.ML;

namespace GanPipeline.Pipelines;

/// <summary>
/// What a transfer experiment leaves: the classifier as an ML.NET model, and as one ONNX file from image to class; and models that it
/// compares.
/// </summary>
internal static class TransferFiles
{
    public const string Model = "classifier.zip";
    public const string Onnx = "classifier.onnx";

    public const string BestModel = "models/best-features.onnx", GradientsModel = "models/gradient-features.onnx";

    private const int ImagesCompared = 256;

    /// <summary>The models that a run's features are compared with.</summary>
    public static IEnumerable<(string Name, string Model)> Others(RunContext run) =>
        [(Representations.Untrained, run.Folder.UntrainedFeatures), .. Best(run), .. Gradients(run)];

    /// <summary>The logit's derivatives, where they are asked for.</summary>
    public static IEnumerable<(string Name, string Model)> Gradients(RunContext run) =>
        run.Options.Classify!.Gradients ? [(Representations.Gradients, run.Folder[GradientsModel])] : [];

    /// <summary>The features of the discriminator that stood beside the best generator, where the training sought one.</summary>
    public static IEnumerable<(string Name, string Model)> Best(RunContext run) =>
        run.Options.Train.EvaluateEvery > 0 && run.Summary.Metrics<TrainMetrics>("train")?.Best is not null
            ? [(Representations.Best, run.Folder[BestModel])]
            : [];

    /// <param name="folder">Where they go.</param>
    /// <param name="result">What was found.</param>
    /// <param name="features">The features' model, which becomes part of the classifier.</param>
    /// <param name="test">Images on which both forms are compared.</param>
    /// <param name="stop">Ends the reading of images.</param>
    /// <exception cref="Inference.ModelException">
    /// The features' model cannot be part of an ONNX classifier; the other file stands.
    /// </exception>
    public static void Write(string folder, TransferResult result, string features, IImageSource test, CancellationToken stop)
    {
        result.Classifier.Save(Path.Combine(folder, Model), features);
        File.Delete(Path.Combine(folder, Onnx));
        var images = test.ReadBatches(ImagesCompared, ImagesCompared, stop).First().Images;
        result.Classifier.SaveOnnx(Path.Combine(folder, Onnx), features, images);
    }
}
