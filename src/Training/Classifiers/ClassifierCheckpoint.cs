using System.Text.Json;
using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Training;

/// <summary>Keeps a trained classifier in a folder: <c>classifier.json</c> and <c>classifier.safetensors</c>.</summary>
public static class ClassifierCheckpoint
{
    private const string Trunk = "trunk.";
    private const string Head = "head.";

    private sealed record Description(ImageShape Shape, IReadOnlyList<string> Classes, int FeatureCount);

    /// <summary>Writes the classifier; each file is replaced whole.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Save(Classifier classifier, string folder)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(WeightsPath(folder), stream => SafeTensorsWriter.Write(stream,
            [.. TrainingState.Of(Trunk, classifier.Trunk), .. TrainingState.Of(Head, classifier.Head)]));
        AtomicFile.WriteAllText(DescriptionPath(folder),
            JsonSerializer.Serialize(new Description(classifier.Shape, classifier.Classes, classifier.FeatureCount), CheckpointInfo.Json));
    }

    /// <summary>Reads a classifier, onto the CPU and in evaluation mode.</summary>
    /// <exception cref="CheckpointException">There is none, or it is damaged.</exception>
    public static Classifier Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = DescriptionPath(folder);
        Classifier classifier;
        try
        {
            var description = JsonSerializer.Deserialize<Description>(File.ReadAllBytes(path), CheckpointInfo.Json)
                ?? throw new CheckpointException($"The classifier '{path}' is damaged: it holds null.");
            classifier = Classifier.Create(description.Shape, description.Classes, description.FeatureCount);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new CheckpointException($"Cannot read the classifier '{path}': {e.Message}", e);
        }
        try
        {
            using var file = SafeTensorsFile.Open(WeightsPath(folder));
            TrainingState.Load(file, WeightsPath(folder), [.. TrainingState.Of(Trunk, classifier.Trunk), .. TrainingState.Of(Head, classifier.Head)]);
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
        classifier.Trunk.eval();
        classifier.Head.eval();
        return classifier;
    }

    private static string WeightsPath(string folder) => Path.Combine(folder, "classifier.safetensors");

    private static string DescriptionPath(string folder) => Path.Combine(folder, "classifier.json");
}
