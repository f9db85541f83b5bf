using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>The page and the model card, from all that the stages before found out.</summary>
internal sealed class ReportStage(IReadOnlyList<string> upstream) : Stage
{
    public override string Name => "report";

    public override IReadOnlyList<string> Upstream => upstream;

    public override IReadOnlyList<string> Outputs(RunContext run) => ["report.html", "models/README.md"];

    public override JsonObject Depends(RunContext run)
    {
        var depends = run.Options.ToJson("report");
        depends["description"] = run.Options.Description;
        // The stages' figures, times included, are what the page shows.
        foreach (var stage in upstream) depends[stage] = run.Summary.Stage(stage)?.DeepClone();
        return depends;
    }

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        AtomicFile.WriteAllText(run.Folder.Report, ReportPage.Build(run));
        if (File.Exists(run.Folder.Generator)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.Gan(run));
        else if (File.Exists(run.Folder.Classifier)) AtomicFile.WriteAllText(run.Folder.Card, ModelCard.Classifier(run));
        return new JsonObject { ["bytes"] = new FileInfo(run.Folder.Report).Length };
    }

    public override string Line(JsonObject f) => $"report.html, {TextFormat.Bytes((long)f["bytes"]!)}";
}
