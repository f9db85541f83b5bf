using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>The text encoder that a text-to-image pipeline names.</summary>
internal static class TextEncoderFolder
{
    private const string File = "text-encoder.json";

    /// <summary>Loads it; one that is not there is the request's mistake.</summary>
    /// <param name="path">A folder with <c>text-encoder.json</c>, or a run's folder, which has it under <c>train/</c>.</param>
    public static TextEncoder Open(string path)
    {
        var folder = new[] { path, Path.Combine(path, "train") }.FirstOrDefault(f => System.IO.File.Exists(Path.Combine(f, File)))
            ?? throw new RequestException($"architecture.text-encoder: there is no {File} in {path}, nor in its train/. A pipeline of " +
                "kind text-encoder makes one (gan list).");
        try { return TextEncoderCheckpoint.Load(folder); }
        catch (CheckpointException e) { throw new RequestException($"architecture.text-encoder: {e.Message}", e); }
    }
}
