using GanPipeline.Inference;

namespace GanPipeline.ML.Tests;

/// <summary>The small models of Inference's tests: latents of 6 to images 3 x 4 x 8, and those to 5 features or a logit.</summary>
internal static class TestModels
{
    public const int ImageSize = 3 * 4 * 8, FeatureCount = 5, LatentSize = 6;

    /// <summary>
    /// Between one batch size and another: sums of at most 96 products of about size 1, added in another order, each rounded to 6e-8 of it.
    /// </summary>
    public const float Tolerance = 96 * 6e-8f * 4;

    public static string Generator => Find("generator.onnx");

    /// <summary>Told a class of three and a brightness from 0 to 10, four numbers in all.</summary>
    public static string Conditional => Find("conditional.onnx");

    public static string GeneratorPixels => Find("generator-pixels.onnx");

    public static string Features => Find("features.onnx");

    /// <summary>Samples 0, 1, ... of a seed, and their features.</summary>
    public static (float[][] Images, float[][] Features) Samples(int count, long seed = 1)
    {
        using var generator = GeneratorModel.Load(Generator);
        using var features = FeatureModel.Load(Features);
        var images = generator.Sample(count, seed);
        return (images.Values.Chunk(ImageSize).ToArray(), features.Extract(images).Chunk(FeatureCount).ToArray());
    }

    private static string Find(string name) => Path.Combine(Repository.Root, "tests", "Inference", "models", name);
}

/// <summary>A model whose runs are counted: each output value is the sum of the inputs plus its place.</summary>
internal sealed class CountingModel(int inputs, params int[] outputs) : IVectorModel
{
    private int _runs, _rows;

    public int Runs => _runs;

    public int RowsRun => _rows;

    public int Disposals { get; private set; }

    public VectorForm Input { get; } = new(inputs);

    public VectorForm Output { get; } = new(outputs);

    public byte[] Bytes => [];

    public SharedModel Shared() => new("counting", this, [], () => this);

    public void Run(ReadOnlySpan<float> from, ReadOnlySpan<float> labels, Span<float> to)
    {
        Interlocked.Increment(ref _runs);
        Interlocked.Add(ref _rows, from.Length / Input.Size);
        for (var row = 0; row < from.Length / Input.Size; row++)
        {
            float sum = 0;
            foreach (var value in from.Slice(row * Input.Size, Input.Size)) sum += value;
            for (var i = 0; i < Output.Size; i++) to[row * Output.Size + i] = sum + i;
        }
    }

    public void Dispose() => Disposals++;
}
