using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;
using OrtEnv = Microsoft.ML.OnnxRuntime.OrtEnv;

namespace GanPipeline.Pipelines;

/// <summary>A run's networks as ONNX files.</summary>
internal static class ModelFiles
{
    private const int ScalingBatch = 256;

    public static ExportResult ExportGenerator(RunContext run, GanNetworks networks, string path, bool pixels = false)
    {
        var source = run.Source("train");
        var options = Adapters.Export(run, source.Name);
        if (run.Texts is { } texts)
        {
            return GanExporter.ExportTextGenerator(networks.Generator, texts.Text, texts.Vocabulary, networks.LatentSize, path,
                source.TakeCaptionExamples(), options, pixels);
        }
        // The values of a single field need no examples.
        if (run.Labels is { Fields: not [{ Choices: > 0 }] } labels)
        {
            var metadata = options.Metadata.ToDictionary();
            metadata[ModelMetadata.LabelExamples] = source.TakeLabelExamples(labels).ToJson();
            options = options with { Metadata = metadata };
        }
        return GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, path, options, pixels, run.Labels);
    }

    /// <summary>
    /// The discriminator's features, its batch normalisation calibrated on training pictures; changes the network's statistics.
    /// </summary>
    public static ExportResult ExportFeatures(RunContext run, GanNetworks networks, string path, CancellationToken stop)
    {
        var write = Calibrated(run, networks, path, GanExporter.ExportFeatures, stop);
        var plain = write(null);
        if (!run.Options.Export.Standardize) return plain;
        var images = run.Source("train").ReadBatches(run.Options.Export.Calibration, ScalingBatch, stop);
        return write(Measure(path, images.Select(batch => batch.Images)));
    }

    /// <summary>The logit's derivatives as features, centred and scaled by samples of the run's generator.</summary>
    public static ExportResult ExportGradients(RunContext run, GanNetworks networks, string path, CancellationToken stop)
    {
        var write = Calibrated(run, networks, path, GanExporter.ExportGradients, stop);
        write(null);
        using var generator = GeneratorModel.Load(run.Folder.Generator);
        var samples = generator.SampleBatches(run.Options.Export.Calibration, run.Options.Train.Seed, cancellationToken: stop);
        return write(Measure(path, samples));
    }

    private delegate ExportResult FeaturesExport(Network discriminator, int channels, int height, int width, string path,
        ExportOptions? options, int labelPlanes, bool mirror, FeatureScaling? scaling);

    /// <summary>What writes a network's features, its batch normalisation calibrated.</summary>
    private static Func<FeatureScaling?, ExportResult> Calibrated(
        RunContext run, GanNetworks networks, string path, FeaturesExport export, CancellationToken stop)
    {
        var source = run.Source("train");
        var images = BatchStatistics.Calibrate(networks.Discriminator, source, run.Options.Export.Calibration, networks.LabelSize, stop);
        var options = Adapters.Export(run, source.Name);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.CalibrationImages] = images.ToString(CultureInfo.InvariantCulture);
        var shape = networks.Shape;
        return scaling => export(networks.Discriminator, shape.Channels, shape.Height, shape.Width, path,
            options with { Metadata = metadata }, networks.LabelSize, run.Options.Export.Mirror, scaling);
    }

    private static FeatureScaling Measure(string path, IEnumerable<ImageTensor> images)
    {
        using var model = FeatureModel.Load(path);
        return FeatureScaling.Measure(model, images);
    }

    /// <summary>The metrics that every export has, and the model card beside the files.</summary>
    public static ExportMetrics Finish(RunContext run, IReadOnlyList<ExportResult> files, Func<RunContext, string> card)
    {
        run.Summary.Version("onnxruntime", OrtEnv.Instance().GetVersionString());
        AtomicFile.WriteAllText(run.Folder.Card, card(run));
        Dictionary<string, T> Each<T>(Func<ExportResult, T> value) => files.ToDictionary(f => Path.GetFileName(f.Path), value);
        return new ExportMetrics
        {
            MaxAbsDifference = Each(f => (double)f.MaxAbsDifference),
            Bytes = Each(f => f.Bytes),
            FoldedBatchNormalizations = Each(f => f.FoldedBatchNormalizations),
            Opset = run.Options.Onnx.Opset,
        };
    }
}
