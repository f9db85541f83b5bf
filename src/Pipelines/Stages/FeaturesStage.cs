using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// Tables of the training and test images' features for the transfer experiment: of the trained discriminator, of the same one with the
/// weights that its training started from, and of the pixels themselves.
/// </summary>
internal sealed class FeaturesStage : Stage
{
    public override string Name => "features";

    public override IReadOnlyList<string> Upstream => ["export"];

    // Tables that are gone are made again by the stage that reads them.
    public override IReadOnlyList<string> Outputs(RunContext run) => ["models/untrained-features.onnx"];

    public override JsonObject Depends(RunContext run)
    {
        var o = run.Options.Classify!;
        return new JsonObject
        {
            ["labels-per-class"] = o.LabelsPerClass, ["draws"] = o.Draws, ["seed"] = o.Transfer.Seed, ["test"] = run.Source("test").Fingerprint,
        };
    }

    /// <summary>The data's mistakes are found before hours of training.</summary>
    public override void Check(RunContext run) => TransferWork.Check(run.Source("train"), run.Source("test"), run.Options.Classify!);

    public static TransferWork Work(RunContext run, CancellationToken stop) =>
        new(run.Folder["features"], run.Source("train"), run.Source("test"), run.Folder.Features, run.Folder.UntrainedFeatures,
            run.Options.Classify!, new ModelOptions { Threads = run.Options.Train.Threads }, run.Display.Progress, stop);

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        using (var networks = Architectures.Create(run.Architecture, run.Options.Train.Seed))
            ExportStage.ExportFeatures(run, networks, run.Folder.UntrainedFeatures, stop);
        var work = Work(run, stop);
        var figures = new JsonObject();
        long bytes = 0;
        foreach (var name in work.Names)
        {
            var started = Stopwatch.GetTimestamp();
            using var train = work.Table(name, "train", 0);
            using var test = work.Table(name, "test", 0);
            bytes += train.Bytes + test.Bytes;
            figures[name] = new JsonObject
            {
                ["columns"] = train.Columns,
                ["trainImages"] = train.Count,
                ["testImages"] = test.Count,
                ["skippedImages"] = train.Info.Skipped + test.Info.Skipped,
                ["imagesPerSecond"] = Json.Figure((train.Count + test.Count) / Stopwatch.GetElapsedTime(started).TotalSeconds),
            };
        }
        return new JsonObject { ["tables"] = figures, ["bytes"] = bytes };
    }

    public override string Line(JsonObject f)
    {
        var own = f["tables"]![TransferWork.Features]!;
        var images = (long)own["trainImages"]! + (long)own["testImages"]!;
        return $"{TextFormat.Count((long)own["columns"]!)} features of {TextFormat.Count(images, "image")}, " +
            $"{TextFormat.Count((long)(own["imagesPerSecond"]?.GetValue<double>() ?? 0))} images/s; tables of {TextFormat.Bytes((long)f["bytes"]!)}";
    }
}
