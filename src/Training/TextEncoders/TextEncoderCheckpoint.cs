using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Keeps a trained text encoder in a folder: <c>text-encoder.json</c> and <c>text-encoder.safetensors</c>.</summary>
public static class TextEncoderCheckpoint
{
    private static readonly JsonSerializerOptions _json = new(CheckpointInfo.Json) { Converters = { new VocabularyConverter() } };

    /// <summary>Writes the encoder; each file is replaced whole.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static void Save(TextEncoder encoder, string folder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        AtomicFile.Write(WeightsPath(folder), stream => SafeTensorsWriter.Write(stream, [.. Tensors(encoder)]));
        AtomicFile.WriteAllText(DescriptionPath(folder), JsonSerializer.Serialize(encoder.Options, _json));
    }

    /// <summary>Reads an encoder, onto the CPU and in evaluation mode.</summary>
    /// <exception cref="CheckpointException">There is none, or it is damaged.</exception>
    public static TextEncoder Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = DescriptionPath(folder);
        TextEncoder encoder;
        try
        {
            encoder = TextEncoder.Create(JsonSerializer.Deserialize<TextEncoderOptions>(File.ReadAllBytes(path), _json)
                ?? throw new CheckpointException($"The text encoder '{path}' is damaged: it holds null."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException or FormatException)
        {
            throw new CheckpointException($"Cannot read the text encoder '{path}': {e.Message}", e);
        }
        try
        {
            using var file = SafeTensorsFile.Open(WeightsPath(folder));
            TrainingState.Load(file, WeightsPath(folder), [.. Tensors(encoder)]);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
        encoder.Text.eval();
        encoder.Image.eval();
        return encoder;
    }

    /// <summary>The live tensors of both networks, by their names in files.</summary>
    internal static IEnumerable<(string Name, Tensor Value)> Tensors(TextEncoder encoder) =>
        TrainingState.Of("text.", encoder.Text).Concat(TrainingState.Of("image.", encoder.Image));

    private static string WeightsPath(string folder) => Path.Combine(folder, "text-encoder.safetensors");

    private static string DescriptionPath(string folder) => Path.Combine(folder, "text-encoder.json");

    private sealed class VocabularyConverter : JsonConverter<Vocabulary>
    {
        public override Vocabulary Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return Vocabulary.FromJson(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, Vocabulary value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToJson());
    }
}
