using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>Which of the transforms on ONNX models one is, and the names of the tensors in its file.</summary>
/// <param name="Name"><see cref="Features"/>, <see cref="Images"/> or <see cref="Translations"/>.</param>
/// <param name="ModelInput">The input of the model.</param>
/// <param name="ModelOutput">The output of the model that is read.</param>
/// <remarks>The input of a label, where the model has one, is called <see cref="ModelLabel"/>.</remarks>
internal sealed record TransformKind(string Name, string ModelInput, string ModelOutput)
{
    public const string Features = "features";
    public const string Images = "images";
    public const string Translations = "translations";
    public const string ModelLabel = "label";

    public static TransformKind OfFeatures(string output) => new(Features, "image", output);

    public static TransformKind OfImages { get; } = new(Images, "latent", "image");

    public static TransformKind OfTranslations { get; } = new(Translations, "image", "translation");

    /// <summary>What is asked of the model, in words.</summary>
    public string Model => Name switch
    {
        Features => "the features model",
        Translations => "the translator",
        _ => "the generator",
    };

    /// <summary>Opens a model.</summary>
    /// <param name="modelFile">Its file, or what errors call it.</param>
    /// <param name="content">The content of its file; empty reads the file.</param>
    /// <param name="options">How it is run.</param>
    /// <exception cref="ModelException">It cannot be used, or is a model of another kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public SharedModel Open(string modelFile, ReadOnlyMemory<byte> content, ModelOptions options)
    {
        if (content.IsEmpty) return Open(modelFile, options);
        try
        {
            return Open(modelFile, content.ToArray(), options);
        }
        catch (ModelException e)
        {
            throw new ModelException($"'{modelFile}': {e.Message}", e);
        }
    }

    /// <summary>Opens the model's file.</summary>
    public SharedModel Open(string modelFile, ModelOptions options)
    {
        var keeping = options with { KeepsBytes = true };
        return Share(modelFile, Name switch
        {
            Features => new FeatureVectors(FeatureModel.Load(modelFile, ModelOutput, keeping)),
            Translations => new TranslatorVectors(TranslatorModel.Load(modelFile, keeping)),
            _ => new GeneratorVectors(GeneratorModel.Load(modelFile, keeping)),
        }, options);
    }

    /// <summary>Opens a model that is in memory.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="bytes">An ONNX file's content.</param>
    /// <param name="options">How it is run.</param>
    public SharedModel Open(string name, byte[] bytes, ModelOptions options) =>
        Share(name, Open(bytes, options with { KeepsBytes = true }), options);

    // What is opened again, and saved, is the model as it runs: its weights in it, whatever files they came from, its inputs and outputs in
    // the form that the columns have, whatever forms those of the file have.
    private SharedModel Share(string name, IVectorModel model, ModelOptions options)
    {
        var bytes = model.Bytes;
        return new SharedModel(name, model, bytes, () => Open(bytes, options with { PixelRange = null }));
    }

    private IVectorModel Open(byte[] bytes, ModelOptions options) => Name switch
    {
        Features => new FeatureVectors(FeatureModel.Load(bytes, ModelOutput, options)),
        Translations => new TranslatorVectors(TranslatorModel.Load(bytes, options)),
        _ => new GeneratorVectors(GeneratorModel.Load(bytes, options)),
    };
}
