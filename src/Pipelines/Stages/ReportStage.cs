using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>The page and the model card, from all that the stages before found out.</summary>
internal sealed class ReportStage(IReadOnlyList<Stage> stages) : Stage<ReportMetrics>
{
    public override string Name => "report";

    public override IReadOnlyList<string> Upstream => [.. stages.Select(s => s.Name)];

    public override IReadOnlyList<string> Outputs(RunContext run) => ["report.html", "models/README.md"];

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("report");
        depends["description"] = run.Options.Description;
        // The stages' metrics, times included, are what the page shows.
        foreach (var stage in stages) depends[stage.Name] = run.Summary.Stage(stage.Name)?.DeepClone();
        return depends;
    }

    protected override ReportMetrics Execute(RunContext run, CancellationToken stop)
    {
        AtomicFile.WriteAllText(run.Folder.Report, ReportPage.Build(run, Lines(run)));
        if (File.Exists(run.Folder.Generator)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.Gan(run));
        else if (File.Exists(run.Folder.Translator)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.Translator(run));
        else if (File.Exists(run.Folder.PoseGenerator)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.PoseGenerator(run));
        else if (File.Exists(run.Folder.Classifier)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.Classifier(run));
        else if (File.Exists(run.Folder.TextEncoder)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.TextEncoder(run));
        return new(new FileInfo(run.Folder.Report).Length);
    }

    protected override string Describe(ReportMetrics m) => $"report.html, {TextFormat.Bytes(m.Bytes)}";

    private StageLine[] Lines(RunContext run) =>
        [.. from stage in stages let metrics = run.Summary.Stage(stage.Name) where metrics is not null
            select new StageLine(stage.Name, (double?)metrics["seconds"] ?? 0, stage.Line(metrics))];
}
