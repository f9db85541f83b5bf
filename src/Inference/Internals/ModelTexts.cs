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
            return JsonSerializer.Deserialize<string[]>(json) is { } texts && texts.All(text => text is not null) ? texts
                : throw new JsonException("it is no array of texts.");
        }
        catch (JsonException e)
        {
            throw new ModelException($"'{model.Path}' has wrong examples of texts in the metadata {ModelMetadata.TextExamples}: " +
                $"{e.Message}", e);
        }
    }
}
