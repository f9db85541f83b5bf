using System.Text.Json;

namespace GanPipeline.Inference;

/// <summary>What the metadata of a model that takes texts say of these.</summary>
internal static class ModelTexts
{
    /// <summary>The words that it knows; null where the metadata name none.</summary>
    /// <exception cref="ModelException">The metadata are damaged.</exception>
    public static Vocabulary? VocabularyOf(OnnxModel model)
    {
        if (!model.Metadata.TryGetValue(ModelMetadata.Vocabulary, out var json)) return null;
        try
        {
            return Vocabulary.FromJson(json);
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{model.Path}' does not say which words it knows: {ModelMetadata.Vocabulary} in its metadata is " +
                $"damaged: {e.Message}", e);
        }
    }

    /// <summary>Captions of some training images; none where the metadata name none.</summary>
    /// <exception cref="ModelException">The metadata are damaged.</exception>
    public static IReadOnlyList<string> ExamplesOf(OnnxModel model)
    {
        if (!model.Metadata.TryGetValue(ModelMetadata.TextExamples, out var json)) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return [.. document.RootElement.EnumerateArray().Select(text => text.GetString()
                ?? throw new JsonException("one of them is null."))];
        }
        // A wrong kind of element is an InvalidOperationException.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelException($"'{model.Path}' has wrong examples of texts in the metadata {ModelMetadata.TextExamples}: " +
                $"{e.Message}", e);
        }
    }
}
