using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>The classifier in whose features samples are measured.</summary>
internal static class EvaluatorFile
{
    /// <summary>A folder's classifier.onnx, or the file itself.</summary>
    public static string Find(string path)
        => path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, "classifier.onnx");

    /// <summary>What the metrics of test pairs depend on: their number, the classifier, the data.</summary>
    public static JsonObject Depends(RunContext run) => new()
    {
        ["samples"] = run.Options.Evaluate.Samples,
        ["classifier"] = run.Options.Evaluate.Classifier.Length == 0 ? "" : StageHash.OfFile(Find(run.Options.Evaluate.Classifier)),
        ["test"] = run.Source("test").Fingerprint,
    };

    /// <summary>Opens it; one of other channels than the data's is the request's mistake.</summary>
    public static Evaluator Open(RunContext run, int channels)
    {
        var file = Find(run.Options.Evaluate.Classifier);
        if (run.Options.HasModes)
        {
            // What cannot read the digits is told before the training that is measured by it, not after.
            using (OpenModes(run)) return Evaluator.LoadByChannel(file, channels);
        }
        var evaluator = Evaluator.Load(file);
        if (evaluator.Channels == channels) return evaluator;
        using (evaluator)
            throw new RequestException($"evaluate.classifier: {file} reads pictures of {Channels(evaluator.Channels)}, but the data " +
                $"has {Channels(channels)}. " +
                "Name a classifier of such pictures.");

        static string Channels(int channels) => channels == 1 ? "one channel (gray)" : $"{channels} channels";
    }

    /// <summary>Opens it as the reader of the data's modes; one that cannot read them is the request's mistake.</summary>
    public static ModeEvaluation OpenModes(RunContext run)
    {
        var train = run.Source("train");
        try
        {
            return ModeEvaluation.Load(Find(run.Options.Evaluate.Classifier), train.Classes, train.ClassShares(), train.Shape.Channels);
        }
        catch (ModelException e)
        {
            throw new RequestException($"evaluate.classifier: {e.Message}", e);
        }
    }
}
