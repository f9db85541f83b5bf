using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
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
        var source = run.Source("train");
        var images = BatchStatistics.Calibrate(networks.Discriminator, source, run.Options.Export.Calibration, networks.LabelSize, stop);
        var options = Adapters.Export(run, source.Name);
        var metadata = options.Metadata.ToDictionary();
        metadata[ModelMetadata.CalibrationImages] = images.ToString(CultureInfo.InvariantCulture);
        var plain = Export(null);
        if (!run.Options.Export.Standardize) return plain;
        FeatureScaling scaling;
        using (var model = FeatureModel.Load(path))
        {
            scaling = FeatureScaling.Measure(
                model, source.ReadBatches(run.Options.Export.Calibration, ScalingBatch, stop).Select(batch => batch.Images));
        }
        return Export(scaling);

        ExportResult Export(FeatureScaling? scaling) => GanExporter.ExportFeatures(
            networks.Discriminator,
            networks.Shape.Channels,
            networks.Shape.Height,
            networks.Shape.Width,
            path,
            options with { Metadata = metadata },
            networks.LabelSize,
            run.Options.Export.Mirror,
            scaling);
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
