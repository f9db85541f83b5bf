using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Training;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace GanPipeline.Pipelines;

/// <summary>
/// Writes the trained translator and its discriminator as ONNX, verified against Torch; of networks that work both ways, both of each.
/// </summary>
internal sealed class TranslatorExportStage : Stage<ExportMetrics>
{
    public override string Name => "export";

    public override IReadOnlyList<string> Upstream => ["train"];

    public override IReadOnlyList<string> Outputs(RunContext run) =>
    [
        "models/translator.onnx", "models/discriminator.onnx", "models/README.md",
        .. ReducedForms.Of(run, "models/translator.onnx"),
        .. run.Options.Architecture.Cycles
            ? ["models/translator-back.onnx", "models/discriminator-back.onnx", .. ReducedForms.Of(run, "models/translator-back.onnx")]
            : Array.Empty<string>(),
    ];

    public override JsonObject Depends(RunContext run) => run.Options.ToJson("export");

    protected override ExportMetrics Execute(RunContext run, CancellationToken stop)
    {
        // What is sampled, measured and deployed is the best one, where one was sought.
        var checkpoint = run.Options.Train.EvaluateEvery > 0 && Checkpoint.Best(run.Folder.Train) is { } best ? best.Path
            : run.Folder.Training.Checkpoint(run.TrainedStep);
        using var networks = Checkpoint.LoadNetworks(checkpoint);
        var critic = !Checkpoint.ReadInfo(checkpoint).IsProbabilistic;
        var (shape, condition) = (networks.Shape, networks.ConditionChannels);
        var options = Adapters.Export(run, run.Source("train").Name);
        List<ExportResult> results =
        [
            GanExporter.ExportTranslator(networks.Translator(), condition, shape.Height, shape.Width, run.Folder.Translator, options,
                freeSize: !run.Options.Export.Dropout, run.Options.Export.Dropout),
            Judge(networks.TranslationDiscriminator, shape.Channels, run.Folder.Discriminator, networks.Cycles ? 0 : condition),
        ];
        if (networks.Cycles)
        {
            results.Add(GanExporter.ExportTranslator(
                networks.BackTranslator(), shape.Channels, shape.Height, shape.Width, run.Folder.BackTranslator, options,
                freeSize: true));
            results.Add(Judge(networks.BackDiscriminator, condition, run.Folder.BackDiscriminator));
        }
        var pairs = new Lazy<PairImages>(() => PairImages.Read(run.Source("train"), ReducedForms.Pairs, stop));
        var translator = ReducedForms.Translator(run.Folder.Translator, () => pairs.Value.Inputs, stop);
        var reduced = ReducedForms.Write(run, stop, networks.Cycles
            ? [translator, ReducedForms.Translator(run.Folder.BackTranslator, () => pairs.Value.Targets, stop)]
            : [translator]);
        return ModelFiles.Finish(run, results, ModelCard.Translator) with { Reduced = reduced };

        ExportResult Judge(Network discriminator, int channels, string path, int conditionChannels = 0) =>
            GanExporter.ExportPatchDiscriminator(
                discriminator, conditionChannels + channels, shape.Height, shape.Width, path, options, critic, conditionChannels);
    }

    protected override string Describe(ExportMetrics metrics) => metrics.Describe();
}
