namespace GanPipeline.Inference.Tests;

public sealed class CancellationTests : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    public void Dispose() => _stop.Dispose();

    [Fact]
    public void Every_long_call_ends_when_it_is_cancelled()
    {
        using var folder = new TemporaryFolder();
        using var generator = GeneratorModel.Load(TestModels.Generator);
        using var features = FeatureModel.Load(TestModels.Features);
        using var classifier = ClassifierModel.Load(TestModels.Classifier);
        var images = generator.Sample(4);
        var forClassifier = new ImageTensor(2, classifier.Channels, classifier.Height, classifier.Width);
        _stop.Cancel();
        var token = _stop.Token;
        Action[] calls =
        [
            () => generator.Sample(1, cancellationToken: token),
            () => generator.SampleGrid(1, cancellationToken: token),
            () => generator.SamplePixels(1, cancellationToken: token),
            () => Assert.Empty(generator.SampleBatches(1, cancellationToken: token)),
            () => generator.Generate(new float[6], cancellationToken: token),
            () => generator.GeneratePixels(new float[6], new byte[96], token),
            () => features.Extract(images, token),
            () => classifier.Logits(forClassifier, token),
            () => classifier.Read(forClassifier, token),
            () => Pictures.SavePngs(images, folder["pictures"], cancellationToken: token),
            () => Animation.Save([images, images], folder["a.gif"], cancellationToken: token),
        ];
        Assert.All(calls, call => Assert.ThrowsAny<OperationCanceledException>(call));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_stream_ends_between_batches()
    {
        using var generator = GeneratorModel.Load(TestModels.Generator, new ModelOptions { BatchSize = 8 });
        using var batches = generator.SampleBatches(24, cancellationToken: _stop.Token).GetEnumerator();
        Assert.True(batches.MoveNext());
        _stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => batches.MoveNext());
    }
}
