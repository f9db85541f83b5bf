using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using GanPipeline.Training;
using Microsoft.Extensions.Logging;

namespace GanPipeline.Pipelines;

/// <summary>
/// Decides whether the train/ folder belongs to the training that is about to run. Where it does, the trainer goes on in it; where it
/// does not, it is moved aside, because hours of work are not to be lost to a changed option.
/// </summary>
internal static class TrainFolder
{
    private const string Previous = "train.previous";
    private const string OptionsFile = "train/options.json";

    public static string StepName(long step) => "step-" + step.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>What makes two trainings the same one, apart from how far they go.</summary>
    public static JsonObject Identity(RunContext run)
    {
        var o = run.Options;
        var data = o.ToJson("data");
        // The fingerprint says what the data is; where it lies and how it is read does not matter.
        foreach (var key in new[] { "path", "attributes", "partition" }) data.Remove(key);
        var train = o.ToJson("train");
        // Where the learning rates fall to 0 depends on where the end is.
        if (o.Train.LearningRateDecay != LearningRateDecay.Linear) train.Remove("steps");
        foreach (var key in new[] { "preset", "device", "threads", "cache-mb", "workers", "log-every", "sample-every", "sample-count", "checkpoint-every", "keep-checkpoints" }) train.Remove(key);
        var identity = new JsonObject
        {
            ["data"] = data,
            ["fingerprint"] = run.Source("train").Fingerprint,
            ["architecture"] = o.ToJson("architecture"),
            ["train"] = train,
        };
        if (o.Kind != PipelineOptions.Classifier) identity["objective"] = o.ToJson("objective");
        return identity;
    }

    /// <param name="run">The run.</param>
    /// <param name="steps">Steps of the training that is about to run.</param>
    public static void Prepare(RunContext run, long steps)
    {
        var identity = Identity(run);
        if (Directory.Exists(run.Folder.Train))
        {
            var reason = run.StartAnew ? "as asked"
                : !SameAs(run.Folder[OptionsFile], identity) ? "because its options or data have changed"
                : LastStep(run.Folder.Checkpoints) > steps ? $"because the last one went beyond {TextFormat.Count(steps, "step")}"
                : null;
            if (reason is not null) SetAside(run, reason);
        }
        AtomicFile.WriteAllText(run.Folder[OptionsFile], Json.Print(identity) + "\n");
    }

    private static void SetAside(RunContext run, string reason)
    {
        // A folder without a checkpoint holds nothing that anybody would miss.
        if (LastStep(run.Folder.Checkpoints) < 0)
        {
            Directory.Delete(run.Folder.Train, recursive: true);
            return;
        }
        var previous = run.Folder[Previous];
        if (Directory.Exists(previous)) Directory.Delete(previous, recursive: true);
        Directory.Move(run.Folder.Train, previous);
        run.Logger.LogWarning("The training starts from its first step, {Reason}; the last one is kept in {Previous}.", reason, Previous);
    }

    private static bool SameAs(string path, JsonObject identity)
    {
        try
        {
            return File.Exists(path) && JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(path)), JsonNode.Parse(identity.ToJsonString()));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The step of the last checkpoint, or -1 where there is none.</summary>
    private static long LastStep(string checkpoints)
    {
        if (!Directory.Exists(checkpoints)) return -1;
        return Directory.EnumerateDirectories(checkpoints, "step-*").Select(d => long.TryParse(Path.GetFileName(d).AsSpan(5), NumberStyles.None,
            CultureInfo.InvariantCulture, out var step) ? step : -1).DefaultIfEmpty(-1).Max();
    }
}
