using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation.Tests;

public class CancellationTests
{
    [Fact]
    public void Every_long_call_ends_when_it_is_cancelled()
    {
        using var generator = GeneratorModel.Load(TestModels.Generator);
        using var model = FeatureModel.Load(TestModels.Features);
        using var evaluator = Evaluator.Load(TestModels.Features);
        using var source = DataSets.Open(new DataOptions { Kind = "bricks", Size = 8, Count = 50 });
        var images = new[] { generator.Sample(20) };
        var set = evaluator.Extract(images);
        var vectors = new float[40];
        var stopped = new CancellationToken(canceled: true);
        Action[] calls =
        [
            () => evaluator.Extract(images, cancellationToken: stopped),
            () => set.Compare(set, stopped),
            () => NeighbourMetrics.Compute(vectors, vectors, 1, cancellationToken: stopped),
            () => GaussianStatistics.FromImages(model, images, stopped),
            () => Assert.Empty(source.ReadBatches(10, cancellationToken: stopped)),
        ];
        Assert.All(calls, call => Assert.ThrowsAny<OperationCanceledException>(call));
    }
}
