using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Writes the trained translator as ONNX, verified against Torch.</summary>
internal sealed class TranslatorExportStage : Stage<ExportMetrics>
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) => ["models/translator.onnx", "models/README.md"];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        // What is sampled, measured and deployed is the best one, where one was sought.
        var checkpoint = run.Options.Train.EvaluateEvery > 0 && Checkpoint.Best(run.Folder.Train) is { } best ? best.Path
            : run.Folder.Training.Checkpoint(run.TrainedStep);
        using var networks = Checkpoint.LoadNetworks(checkpoint);
        var result = GanExporter.ExportTranslator(networks.Generator, networks.ConditionChannels, networks.Shape.Height,
            networks.Shape.Width, run.Folder.Translator, Adapters.Export(run, run.Source("train").Name));
        return ModelFiles.Finish(run, [result], ModelCard.Translator);
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}
