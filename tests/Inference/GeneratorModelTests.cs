namespace GanPipeline.Inference.Tests;

public class GeneratorModelTests
{
    /// <summary>
    /// Another batch size may take another matrix kernel, which adds in another order: n products of size 1 differ by at most about
    /// n roundings of float32, 6e-8 each; the models' sums have at most 96 terms, and tanh does not enlarge differences.
    /// </summary>
    private const float Tolerance = 96 * 6e-8f;

    [Fact]
    public void A_generator_tells_its_form()
    {
        using var model = GeneratorModel.Load(TestModels.Generator);
        Assert.Equal((6, 3, 4, 8), (model.LatentSize, model.Channels, model.Height, model.Width));
        Assert.Equal("dense", model.Metadata[ModelMetadata.Architecture]);
        Assert.Equal(ModelMetadata.NormalizedRange, model.Metadata[ModelMetadata.PixelRange]);
        Assert.Equal("cpu", model.Device);
    }

    [Fact]
    public void The_batch_size_does_not_matter()
    {
        const int count = 150; // two batches and a part of one by default
        using var whole = GeneratorModel.Load(TestModels.Generator);
        var expected = whole.Sample(count, seed: 3).Values;
        Assert.InRange(expected.Max(), 0.5f, 1f);
        foreach (var batchSize in new[] { 1, 7, 150, 1000 })
        {
            using var model = GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = batchSize, Threads = 1 });
            AssertClose(expected, model.Sample(count, seed: 3).Values);
        }
    }

    [Fact]
    public void Shards_and_streams_are_parts_of_the_whole()
    {
        using var model = GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = 16 });
        var whole = model.Sample(100, seed: 9);
        AssertClose(whole.Slice(37, 20).Values, model.Sample(20, seed: 9, first: 37).Values);
        AssertClose(whole.Slice(10, 1).Values, model.Generate(Latents.Normal(9, 10, 1, 6)).Values);
        foreach (var reuse in new[] { false, true })
        {
            ImageTensor[] batches = [.. model.SampleBatches(60, seed: 9, first: 40, reuse).Select(b => b.Slice(0, b.Count))];
            Assert.Equal([16, 16, 16, 12], batches.Select(b => b.Count));
            AssertClose(whole.Slice(40, 60).Values, [.. batches.SelectMany(b => b.Values)]);
        }
        Assert.Empty(model.SampleBatches(0));
        Assert.Equal(0, model.Sample(0).Count);
    }

    [Fact]
    public void Many_threads_share_one_model()
    {
        using var model = GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = 8 });
        var expected = model.Sample(40, seed: 1).Values;
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var first = i % 20;
            AssertClose(expected.AsSpan(first * model.ImageSize, 20 * model.ImageSize).ToArray(), model.Sample(20, seed: 1, first).Values);
        });
    }

    [Fact]
    public void Either_form_gives_floats_and_bytes()
    {
        using var floats = GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = 16 });
        using var bytes = GeneratorModel.Load(TestModels.GeneratorPixels, new ModelOptions { BatchSize = 16 });
        Assert.Equal((6, 3, 4, 8), (bytes.LatentSize, bytes.Channels, bytes.Height, bytes.Width));
        byte[] expected = floats.SamplePixels(50, seed: 2), actual = bytes.SamplePixels(50, seed: 2);
        // A value between two bytes may fall to either side of them: kernels differ in the last bit.
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        Assert.InRange(expected.Zip(actual).Count(pair => pair.First != pair.Second), 0, expected.Length / 1000);
        var images = floats.Sample(50, seed: 2);
        var one = new byte[images.ImageSize];
        images.CopyPixels(49, one);
        Assert.Equal(expected[^images.ImageSize..], one);
        // Back from bytes: half a byte's width.
        Assert.All(images.Values.Zip(bytes.Sample(50, seed: 2).Values), pair => Assert.Equal(pair.First, pair.Second, 1.001f / 255));
    }

    [Fact]
    public void Wrong_requests_are_refused()
    {
        using var model = GeneratorModel.Load(TestModels.Generator);
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Sample(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Sample(1, first: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SamplePixels(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.SampleBatches(-1));
        Assert.Contains("SampleBatches", Assert.Throws<ArgumentOutOfRangeException>(() => model.Sample(int.MaxValue)).Message,
            StringComparison.Ordinal);
        Assert.Contains("not a multiple of the latent size 6",
            Assert.Throws<ArgumentException>(() => model.Generate(new float[7])).Message, StringComparison.Ordinal);
        Assert.Contains("2 images of 96 values need 192; 100 given",
            Assert.Throws<ArgumentException>(() => model.Generate(new float[12], new float[100])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.GeneratePixels(new float[12], new byte[100]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => GeneratorModel.Load(TestModels.Generator, new ModelOptions { Threads = -1 }));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Sample(1));
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_an_error_or_the_cpu()
    {
        // No machine has a thousand GPUs.
        var options = new ModelOptions { GpuDeviceId = 1000 };
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(TestModels.Generator, options)).Message;
        Assert.Contains("cannot run on cuda:1000", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        using var model = GeneratorModel.Load(TestModels.Generator, options with { FallbackToCpu = true });
        Assert.Equal("cpu", model.Device);
        Assert.Contains("cannot run on cuda:1000", model.FallbackReason, StringComparison.Ordinal);
        Assert.Equal(1, model.Sample(1).Count);
    }

    [Theory]
    [InlineData(ExecutionProvider.TensorRt, "tensorrt:7", "TensorRT")]
    [InlineData(ExecutionProvider.DirectMl, "directml:7", "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData(ExecutionProvider.CoreMl, "coreml", "macOS")]
    public void A_provider_that_is_not_there_says_what_it_needs(ExecutionProvider provider, string name, string need)
    {
        var options = new ModelOptions { Provider = provider, GpuDeviceId = 7 };
        var message = Assert.Throws<ModelException>(() => GeneratorModel.Load(TestModels.Generator, options)).Message;
        Assert.Contains($"cannot run on {name}: ", message, StringComparison.Ordinal);
        Assert.Contains(need, message, StringComparison.Ordinal);
        Assert.Contains("FallbackToCpu", message, StringComparison.Ordinal);
        using var features = FeatureModel.Load(TestModels.Features, options: options with { FallbackToCpu = true });
        Assert.Equal("cpu", features.Device);
        Assert.Contains(need, features.FallbackReason, StringComparison.Ordinal);
        using var classifier = ClassifierModel.Load(TestModels.Classifier, options with { FallbackToCpu = true });
        Assert.Equal(("cpu", features.FallbackReason is null), (classifier.Device, classifier.FallbackReason is null));
    }

    [Fact]
    public void On_the_processor_nothing_falls_back()
    {
        using var model = GeneratorModel.Load(TestModels.Generator, new ModelOptions { Provider = ExecutionProvider.Cpu, GpuDeviceId = 3 });
        Assert.Equal(("cpu", null), (model.Device, model.FallbackReason));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => GeneratorModel.Load(TestModels.Generator, new ModelOptions { Provider = (ExecutionProvider)99 }));
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
