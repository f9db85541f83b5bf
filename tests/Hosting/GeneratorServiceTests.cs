using System.Collections.Concurrent;
using GanPipeline.Inference;
using Google.Protobuf;
using Onnx;

namespace GanPipeline.Hosting.Tests;

[Collection("generators")]
public sealed class GeneratorServiceTests : IAsyncDisposable
{
    // ONNX Runtime rounds batches of different sizes differently: values of at most 1, sums of some dozens of products.
    private const float Tolerance = 1e-5f;

    private readonly GeneratorService _service = new(Options());

    private static string Model => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    private static GeneratorOptions Options(int batchSize = 16, int queueLimit = 5000) =>
        new() { ModelFile = Model, BatchSize = batchSize, QueueLimit = queueLimit, Threads = 1 };

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    /// <summary>Requests of all sizes, from many threads, of many seeds: everybody gets what was asked for.</summary>
    [Fact]
    public async Task Each_request_gets_its_own_images()
    {
        using var alone = GeneratorModel.Load(Model);
        var answers = new ConcurrentDictionary<int, (int Count, string[] Labels, ImageTensor Images)>();
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (seed, stop) =>
        {
            var count = 1 + seed % 40;
            string[] labels = seed % 3 == 0 ? ["class=dog"] : [];
            answers[seed] = (count, labels, await _service.GenerateAsync(count, seed, first: seed % 7, labels, stop));
        });
        Assert.Equal(400, answers.Count);
        foreach (var (seed, (count, labels, images)) in answers)
        {
            var expected = alone.Sample(count, seed, first: seed % 7, labels);
            Assert.Equal(count, images.Count);
            AssertClose(expected, images);
        }
        Assert.Equal(0, _service.Waiting);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_is_all_images_in_their_order(bool reuse)
    {
        using var alone = GeneratorModel.Load(Model);
        List<float> values = [];
        List<ImageTensor> batches = [];
        await foreach (var batch in _service.StreamAsync(150, seed: 3, first: 9, reuse: reuse))
        {
            Assert.InRange(batch.Count, 1, 16);
            values.AddRange(batch.Values);
            batches.Add(batch);
        }
        var expected = alone.Sample(150, 3, first: 9);
        AssertClose(expected, new ImageTensor([.. values], 150, expected.Channels, expected.Height, expected.Width));
        // The last batch is smaller.
        Assert.Equal(reuse ? 3 : 10, batches.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    /// <summary>A batch's images and latents are 25,000 bytes; what is left is the request and the call.</summary>
    [Fact]
    public async Task A_stream_that_reuses_memory_leaves_no_garbage_an_image()
    {
        await using var service = new GeneratorService(Options(batchSize: 64));
        const int batches = 400, mostOfBatch = 8000;
        await foreach (var _ in service.StreamAsync(64 * 4, reuse: true)) { }
        var before = GC.GetTotalAllocatedBytes();
        await foreach (var _ in service.StreamAsync(64 * batches, reuse: true)) { }
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, (long)batches * mostOfBatch);
    }

    /// <summary>Requests that wait while the network is at work share the next batches.</summary>
    [Fact]
    public async Task Waiting_requests_share_batches()
    {
        using var gate = new Gate();
        var first = _service.GenerateAsync(1);
        await gate.Arrival();
        var others = Enumerable.Range(0, 40).Select(seed => _service.GenerateAsync(1, seed)).ToArray();
        gate.Open();
        await first;
        await Task.WhenAll(others);
        Assert.Equal([1, 16, 16, 8], gate.Sizes);
    }

    [Fact]
    public async Task Too_many_are_sent_away_and_come_again_later()
    {
        await using var service = new GeneratorService(Options(batchSize: 4, queueLimit: 100));
        using var gate = new Gate();
        var tasks = new List<Task<ImageTensor>>();
        var busy = 0;
        for (var i = 0; i < 50; i++)
        {
            try
            {
                tasks.Add(service.GenerateAsync(20, i));
            }
            catch (GeneratorBusyException)
            {
                busy++;
            }
        }
        Assert.Equal(45, busy);
        gate.Open();
        Assert.Equal(50, busy + (await Task.WhenAll(tasks)).Length);
        Assert.Equal(0, service.Waiting);
        Assert.Equal(100, (await service.GenerateAsync(100)).Count);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => service.GenerateAsync(101));
    }

    [Fact]
    public async Task Who_gives_up_does_not_hold_up_others()
    {
        using var stop = new CancellationTokenSource();
        using var gate = new Gate();
        var given = _service.GenerateAsync(4000, cancellationToken: stop.Token);
        var other = _service.GenerateAsync(2, 7);
        await gate.Arrival();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        gate.Open();
        Assert.Equal(2, (await other).Count);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _service.GenerateAsync(1, cancellationToken: stop.Token));
        // Its images are not computed.
        Assert.Equal([16, 2], gate.Sizes);
        Assert.Equal(0, _service.Waiting);
    }

    [Fact]
    public async Task Mistakes_are_told_at_once()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _service.GenerateAsync(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _service.GenerateAsync(1, first: -1));
        Assert.Contains("owl", (await Assert.ThrowsAsync<ArgumentException>(() => _service.GenerateAsync(1, labels: ["owl"]))).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new GeneratorService(Options(batchSize: 0)));
        Assert.Throws<ModelException>(() => new GeneratorService(new() { ModelFile = "none.onnx" }));
        Assert.Equal(0, _service.Waiting);
    }

    /// <summary>A model that gives NaN fails the requests of its batch, each of them, and the service goes on.</summary>
    [Fact]
    public async Task A_model_that_fails_is_told_to_whoever_waits()
    {
        using var folder = new TemporaryFolder();
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Model));
        // The logarithm of images from -1 to 1.
        var image = model.Graph.Node.Single(node => node.Output.Contains("image"));
        image.Output[image.Output.IndexOf("image")] = "before";
        model.Graph.Node.Add(new NodeProto { OpType = "Log", Input = { "before" }, Output = { "image" } });
        File.WriteAllBytes(folder["nan.onnx"], model.ToByteArray());
        await using var service = new GeneratorService(new() { ModelFile = folder["nan.onnx"] });
        for (var i = 0; i < 2; i++)
        {
            var tasks = Enumerable.Range(0, 5).Select(seed => service.GenerateAsync(3, seed)).ToArray();
            foreach (var task in tasks) await Assert.ThrowsAsync<ModelException>(() => task);
        }
        Assert.Equal(0, service.Waiting);
    }

    /// <summary>A shutdown computes what waits, and takes no more.</summary>
    [Fact]
    public async Task Disposal_waits_for_what_was_asked_for()
    {
        var service = new GeneratorService(Options());
        var tasks = Enumerable.Range(0, 40).Select(seed => service.GenerateAsync(10, seed)).ToArray();
        await service.DisposeAsync();
        Assert.All(tasks, task => Assert.Equal(TaskStatus.RanToCompletion, task.Status));
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => service.GenerateAsync(1));
        await service.DisposeAsync();
    }

    private static void AssertClose(ImageTensor expected, ImageTensor actual)
    {
        Assert.Equal(expected.Values.Length, actual.Values.Length);
        for (var i = 0; i < expected.Values.Length; i++)
            Assert.InRange(actual.Values[i] - expected.Values[i], -Tolerance, Tolerance);
    }
}
