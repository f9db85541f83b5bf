using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>A linear classifier on the discriminator's features, beside the same on pixels and on the untrained discriminator's.</summary>
internal sealed class ClassifyStage : Stage
{
    public override string Name => "classify";

    public override IReadOnlyList<string> Upstream => ["export", "features"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["classifier/" + TransferFiles.Model, "classifier/" + TransferFiles.Confusion];

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("classify");
        foreach (var key in new[] { "memory-mb", "keep-features" }) depends.Remove(key);
        return depends;
    }

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        var work = FeaturesStage.Work(run, stop);
        var result = work.Run();
        TransferFiles.Write(run.Folder["classifier"], result, run.Folder.Features);
        if (!work.Options.KeepFeatures) work.DeleteTables();
        return TransferFigures.Of(work, result);
    }

    public override string Line(JsonObject f) => TransferFigures.Line(f);
}
