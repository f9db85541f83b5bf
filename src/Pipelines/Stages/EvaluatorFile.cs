using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>The classifier in whose features samples are measured.</summary>
internal static class EvaluatorFile
{
    /// <summary>A folder's classifier.onnx, or the file itself.</summary>
    public static string Find(string path)
        => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, "classifier.onnx");

    /// <summary>Opens it; one of other channels than the data's is the request's mistake.</summary>
    public static Evaluator Open(RunContext run, int channels)
    {
        var file = Find(run.Options.Evaluate.Classifier);
        var evaluator = Evaluator.Load(file);
        if (evaluator.Channels == channels) return evaluator;
        using (evaluator)
            throw new RequestException($"evaluate.classifier: {file} reads pictures of {Channels(evaluator.Channels)}, but the data " +
                $"has {Channels(channels)}. " +
                "Name a classifier of such pictures.");

        static string Channels(int channels) => channels == 1 ? "one channel (gray)" : $"{channels} channels";
    }
}
