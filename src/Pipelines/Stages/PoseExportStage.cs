using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Writes the trained generator of images for wanted poses as ONNX, verified against Torch.</summary>
internal sealed class PoseExportStage : Stage<ExportMetrics>
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
        ["models/pose-generator.onnx", "models/README.md", .. ReducedForms.Of(run, "models/pose-generator.onnx")];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        // What is sampled, measured and deployed is the best one, where one was sought.
        var checkpoint = run.Options.Train.EvaluateEvery > 0 && Checkpoint.Best(run.Folder.Train) is { } best ? best.Path
            : run.Folder.Training.Checkpoint(run.TrainedStep);
        using var networks = Checkpoint.LoadNetworks(checkpoint);
        var source = run.Source("train");
        var result = GanExporter.ExportPoseGenerator(networks.Generator, networks.TranslateInStages, source.Pose!, networks.Shape,
            run.Folder.PoseGenerator, Adapters.Export(run, source.Name));
        var reduced = ReducedForms.Write(run, stop, ReducedForms.PoseGenerator(run, stop));
        return ModelFiles.Finish(run, [result], ModelCard.PoseGenerator) with { Reduced = reduced };
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}
