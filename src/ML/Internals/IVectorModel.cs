using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>A model that makes a vector of a vector, for many at once, from any number of threads.</summary>
internal interface IVectorModel : IDisposable
{
    VectorForm Input { get; }

    VectorForm Output { get; }

    /// <summary>Its ONNX file, as it runs, where it was opened to keep that.</summary>
    byte[] Bytes { get; }

    /// <summary>What a conditional model is told beside its input; null for the others.</summary>
    VectorForm? Label => null;

    /// <summary>What the label's numbers stand for, where the model says.</summary>
    LabelLayout? Labels => null;

    /// <summary>The names of the output's values; empty where they have none.</summary>
    IReadOnlyList<string> SlotNames => [];

    /// <summary>[N, input size] and [N, label size] to [N, output size], in the caller's memory.</summary>
    void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, Span<float> outputs);

    /// <summary>The labels of samples of a seed, [count, label size]; see <see cref="GeneratorModel.LabelVectors"/>.</summary>
    float[] LabelVectors(int count, long seed, long first, IReadOnlyList<string> labels) => [];
}

/// <summary>Images to features.</summary>
internal sealed class FeatureVectors(FeatureModel model) : IVectorModel
{
    public VectorForm Input { get; } = new(model.Channels, model.Height, model.Width);

    public VectorForm Output { get; } = new(model.FeatureCount);

    public byte[] Bytes => model.Bytes;

    /// <summary>Layer, filter, and the cell of its grid: <c>conv2[17][3,0]</c>.</summary>
    public IReadOnlyList<string> SlotNames { get; } = [.. model.Layers.SelectMany(layer => Enumerable.Range(layer.Offset, layer.Count)
        .Select(layer.Position).Select(at => FormattableString.Invariant($"{layer.Layer}[{at.Channel}][{at.Row},{at.Column}]")))];

    public void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, Span<float> outputs) => model.Extract(inputs, outputs);

    public void Dispose() => model.Dispose();
}

/// <summary>Images to images.</summary>
internal sealed class TranslatorVectors(TranslatorModel model) : IVectorModel
{
    public VectorForm Input { get; } = new(model.Channels, model.Height, model.Width);

    public VectorForm Output { get; } = new(model.OutputChannels, model.OutputHeight, model.OutputWidth);

    public byte[] Bytes => model.Bytes;

    public void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, Span<float> outputs) => model.Translate(inputs, outputs);

    public void Dispose() => model.Dispose();
}

/// <summary>Latents, and labels where the generator is conditional, to images.</summary>
internal sealed class GeneratorVectors(GeneratorModel model) : IVectorModel
{
    public VectorForm Input { get; } = new(model.LatentSize);

    public VectorForm Output { get; } = new(model.Channels, model.Height, model.Width);

    public byte[] Bytes => model.Bytes;

    public VectorForm? Label { get; } = model.LabelSize == 0 ? null : new(model.LabelSize);

    public LabelLayout? Labels => model.Labels;

    public void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, Span<float> outputs) => model.Generate(inputs, labels, outputs);

    public float[] LabelVectors(int count, long seed, long first, IReadOnlyList<string> labels) =>
        model.LabelVectors(count, seed, first, labels);

    public void Dispose() => model.Dispose();
}
