using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>A linear classifier on the discriminator's features, beside the same on pixels and on the untrained discriminator's.</summary>
internal sealed class ClassifyStage : Stage<TransferMetrics>
{
    public override string Name => "classify";

    public override IReadOnlyList<string> Upstream => ["export", "features"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["classifier/" + TransferFiles.Model, "classifier/" + TransferFiles.Onnx];

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("classify");
        foreach (var key in new[] { "memory-mb", "keep-features" }) depends.Remove(key);
        return depends;
    }

    protected override TransferMetrics Execute(RunContext run, CancellationToken stop)
    {
        var work = TransferWork.Create(run, stop);
        var (result, metrics) = work.Run();
        TransferFiles.Write(run.Folder["classifier"], result, run.Folder.Features, work.Test, stop);
        if (!work.Options.KeepFeatures) work.DeleteTables();
        return metrics;
    }

    protected override string Describe(TransferMetrics metrics) => metrics.Describe();
}
