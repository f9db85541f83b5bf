using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>Which of the transforms on ONNX models one is, and the names of the tensors in its file.</summary>
/// <param name="Name"><see cref="Features"/> or <see cref="Images"/>.</param>
/// <param name="ModelInput">The input of the model.</param>
/// <param name="ModelOutput">The output of the model that is read.</param>
/// <remarks>The input of a label, where the model has one, is called <see cref="ModelLabel"/>.</remarks>
internal sealed record TransformKind(string Name, string ModelInput, string ModelOutput)
{
    public const string Features = "features";
    public const string Images = "images";
    public const string ModelLabel = "label";

    public static TransformKind OfFeatures(string output) => new(Features, "image", output);

    public static TransformKind OfImages { get; } = new(Images, "latent", "image");

    /// <summary>What is asked of the model, in words.</summary>
    public string Model => Name == Features ? "the features model" : "the generator";

    /// <summary>Opens the model's file.</summary>
    /// <exception cref="ModelException">It cannot be used, or is a model of another kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public SharedModel Open(string modelFile, ModelOptions options) =>
        Share(modelFile, File.Exists(modelFile) ? File.ReadAllBytes(modelFile) : [], () => Name == Features
            ? new FeatureVectors(FeatureModel.Load(modelFile, ModelOutput, options))
            : new GeneratorVectors(GeneratorModel.Load(modelFile, options)), options);

    /// <summary>Opens a model that is in memory.</summary>
    /// <param name="name">What errors call it.</param>
    /// <param name="bytes">An ONNX file's content.</param>
    /// <param name="options">How it is run.</param>
    public SharedModel Open(string name, byte[] bytes, ModelOptions options) => Share(name, bytes, () => Open(bytes, options), options);

    private SharedModel Share(string name, byte[] bytes, Func<IVectorModel> open, ModelOptions options) =>
        new(name, open(), bytes, () => Open(bytes, options));

    private IVectorModel Open(byte[] bytes, ModelOptions options) => Name == Features
        ? new FeatureVectors(FeatureModel.Load(bytes, ModelOutput, options))
        : new GeneratorVectors(GeneratorModel.Load(bytes, options));
}
