using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// Tables of the training and test images' features for the transfer experiment: of the trained discriminator, of the same one with the
/// weights that its training started from, of the one beside the best generator where one was sought, and of the pixels themselves.
/// </summary>
internal sealed class FeaturesStage : Stage<FeaturesMetrics>
{
    public override string Name => "features";

    public override IReadOnlyList<string> Upstream => ["export"];

    // Tables that are gone are made again by the stage that reads them.
    public override IReadOnlyList<string> Outputs(RunContext run) =>
        [
        "models/untrained-features.onnx", .. TransferFiles.Best(run).Select(_ => TransferFiles.BestModel),
        .. TransferFiles.Gradients(run).Select(_ => TransferFiles.GradientsModel),
    ];

    public override JsonObject Depends(RunContext run)
    {
        var o = run.Options.Classify!;
        return new JsonObject
        {
            ["labels-per-class"] = o.LabelsPerClass,
            ["curve"] = new JsonArray([.. o.Curve.Select(labels => (JsonNode?)labels)]),
            ["draws"] = o.Draws,
            ["gradients"] = o.Gradients,
            ["seed"] = o.Transfer.Seed,
            ["test"] = run.Source("test").Fingerprint,
        };
    }

    /// <summary>The data's mistakes are found before hours of training.</summary>
    public override void Check(RunContext run) => TransferWork.Check(run.Source("train"), run.Source("test"), run.Options.Classify!);

    protected override FeaturesMetrics Execute(RunContext run, CancellationToken stop)
    {
        using (var networks = Architectures.Create(run.Architecture, run.Options.Train.Seed))
            ModelFiles.ExportFeatures(run, networks, run.Folder.UntrainedFeatures, stop);
        foreach (var (_, path) in TransferFiles.Best(run))
        {
            using var best = Checkpoint.LoadNetworks(Checkpoint.Best(run.Folder.Train)!.Value.Path);
            ModelFiles.ExportFeatures(run, best, path, stop);
        }
        foreach (var (_, path) in TransferFiles.Gradients(run))
        {
            using var last = Checkpoint.LoadNetworks(run.Folder.Training.Checkpoint(run.TrainedStep));
            ModelFiles.ExportGradients(run, last, path, stop);
        }
        var work = TransferWork.Create(run, stop);
        var tables = new Dictionary<string, TableMetrics>();
        long bytes = 0;
        foreach (var name in work.Names)
        {
            var before = work.ImagesComputed;
            var started = Stopwatch.GetTimestamp();
            using var train = work.Table(name, "train", 0);
            using var test = work.Table(name, "test", 0);
            bytes += train.Bytes + test.Bytes;
            var computed = work.ImagesComputed - before;
            tables[name] = new(train.Columns, train.Count, test.Count, train.Info.Skipped + test.Info.Skipped,
                computed > 0 ? computed / Stopwatch.GetElapsedTime(started).TotalSeconds : null);
        }
        return new(tables, bytes);
    }

    protected override string Describe(FeaturesMetrics m)
    {
        var own = m.Tables[Representations.Features];
        var speed = own.ImagesPerSecond is { } rate ? $"{TextFormat.Count((long)rate)} images/s" : "computed before";
        return $"{TextFormat.Count(own.Columns)} features of {TextFormat.Count(own.TrainImages + own.TestImages, "image")}, {speed}; " +
            $"tables of {TextFormat.Bytes(m.Bytes)}";
    }
}
