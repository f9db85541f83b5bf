using GanPipeline.Inference;

namespace GanPipeline.ML.Internals;

/// <summary>A model that makes a vector of a vector, for many at once, from any number of threads.</summary>
internal interface IVectorModel : IDisposable
{
    VectorForm Input { get; }

    VectorForm Output { get; }

    /// <summary>[N, input size] to [N, output size], in the caller's memory.</summary>
    void Run(ReadOnlySpan<float> inputs, Span<float> outputs);
}

/// <summary>Images to features.</summary>
internal sealed class FeatureVectors(FeatureModel model) : IVectorModel
{
    public VectorForm Input { get; } = new(model.Channels, model.Height, model.Width);

    public VectorForm Output { get; } = new(model.FeatureCount);

    public void Run(ReadOnlySpan<float> inputs, Span<float> outputs) => model.Extract(inputs, outputs);

    public void Dispose() => model.Dispose();
}

/// <summary>Latents to images.</summary>
internal sealed class GeneratorVectors(GeneratorModel model) : IVectorModel
{
    public VectorForm Input { get; } = new(model.LatentSize);

    public VectorForm Output { get; } = new(model.Channels, model.Height, model.Width);

    public void Run(ReadOnlySpan<float> inputs, Span<float> outputs) => model.Generate(inputs, outputs);

    public void Dispose() => model.Dispose();
}
