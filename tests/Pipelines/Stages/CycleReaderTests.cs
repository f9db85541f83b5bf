using GanPipeline.Data;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines.Tests;

/// <summary>Which side translated pictures look like, by any classifier.</summary>
public sealed class CycleReaderTests : IDisposable
{
    private readonly IImageSource _source = Bricks("brick 2x4");
    private readonly CycleReader _reader =
        CycleReader.Open(Path.Combine(Repository.Root, "models", "bricks-classifier", "classifier.onnx"), Bricks("brick 2x4"))!;

    public void Dispose()
    {
        _reader.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void A_classifier_of_a_single_attribute_tells_two_classes_apart()
    {
        ImageTensor bricks = Images(_source), plates = Images(Bricks("plate 1x2"));
        var turned = _reader.Style(plates, plates, bricks, default)!;
        Assert.Equal(turned.Real, turned.Outputs);
        Assert.InRange(turned.Real, 0.9, 1);
        var unchanged = _reader.Style(bricks, plates, bricks, default)!;
        Assert.Equal(turned.Real, unchanged.Real);
        Assert.InRange(unchanged.Outputs, 0, 0.1);
    }

    [Fact]
    public void Sides_that_look_alike_are_not_told_apart()
    {
        var bricks = Images(_source);
        Assert.Null(_reader.Style(bricks, bricks, bricks, default));
    }

    private static IImageSource Bricks(string name) => DataSets.Open(new()
    {
        Kind = "bricks", Size = 64, Channels = 1, Count = 60, Classes = [name], Split = "test",
        Bricks = new() { Yaw = new(20, 70), Pitch = new(28, 42) },
    });

    private static ImageTensor Images(IImageSource source) => source.ReadBatches(60, 60, default).Single().Images;
}
