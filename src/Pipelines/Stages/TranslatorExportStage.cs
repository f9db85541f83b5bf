using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Writes the trained translator as ONNX, verified against Torch; of one that works both ways, both.</summary>
internal sealed class TranslatorExportStage : Stage<ExportMetrics>
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) => run.Options.Architecture.Cycles
        ? ["models/translator.onnx", "models/translator-back.onnx", "models/README.md"]
        : ["models/translator.onnx", "models/README.md"];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        // What is sampled, measured and deployed is the best one, where one was sought.
        var checkpoint = run.Options.Train.EvaluateEvery > 0 && Checkpoint.Best(run.Folder.Train) is { } best ? best.Path
            : run.Folder.Training.Checkpoint(run.TrainedStep);
        using var networks = Checkpoint.LoadNetworks(checkpoint);
        var (shape, condition) = (networks.Shape, networks.ConditionChannels);
        var options = Adapters.Export(run, run.Source("train").Name);
        List<ExportResult> results =
        [
            GanExporter.ExportTranslator(networks.Translator(), condition, shape.Height, shape.Width, run.Folder.Translator, options,
                freeSize: true),
        ];
        if (networks.Cycles)
        {
            results.Add(GanExporter.ExportTranslator(
                networks.BackTranslator(), shape.Channels, shape.Height, shape.Width, run.Folder.BackTranslator, options,
                freeSize: true));
        }
        return ModelFiles.Finish(run, results, ModelCard.Translator);
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}
