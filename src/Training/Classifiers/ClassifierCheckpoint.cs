using System.Text.Json;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Keeps a trained classifier in a folder: <c>classifier.json</c> and <c>classifier.safetensors</c>.</summary>
public static class ClassifierCheckpoint
{
    /// <summary>Writes the classifier; each file is replaced whole.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Save(Classifier classifier, string folder)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(WeightsPath(folder), stream => SafeTensorsWriter.Write(stream, [.. Tensors(classifier)]));
        AtomicFile.WriteAllText(DescriptionPath(folder), JsonSerializer.Serialize(classifier.Options, CheckpointInfo.Json));
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
            classifier = Classifier.Create(JsonSerializer.Deserialize<ClassifierOptions>(File.ReadAllBytes(path), CheckpointInfo.Json)
                ?? throw new CheckpointException($"The classifier '{path}' is damaged: it holds null."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new CheckpointException($"Cannot read the classifier '{path}': {e.Message}", e);
        }
        try
        {
            using var file = SafeTensorsFile.Open(WeightsPath(folder));
            TrainingState.Load(file, WeightsPath(folder), [.. Tensors(classifier)]);
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

    /// <summary>The live tensors of both parts, by their names in files.</summary>
    internal static IEnumerable<(string Name, Tensor Value)> Tensors(Classifier classifier) =>
        TrainingState.Of("trunk.", classifier.Trunk).Concat(TrainingState.Of("head.", classifier.Head));

    private static string WeightsPath(string folder) => Path.Combine(folder, "classifier.safetensors");

    private static string DescriptionPath(string folder) => Path.Combine(folder, "classifier.json");
}
