using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Joins the pipeline's options with what only a run knows: its folder, the data's shape and labels.</summary>
internal static class Adapters
{
    public static TrainingOptions Training(PipelineOptions o, string folder, LabelLayout? labels) =>
        o.Train with { Folder = folder, Labels = labels, Objective = o.Objective };

    public static ClassifierOptions Classifier(PipelineOptions o, IImageSource source) =>
        o.Network with { Shape = source.Shape, Fields = source.SelectLabels(o.Reads).Fields };

    public static ClassifierTrainingOptions ClassifierTraining(PipelineOptions o, string folder)
        => o.ClassifierTrain with { Folder = folder };

    public static TextEncoderOptions TextEncoder(RunContext run) =>
        run.Options.TextNetwork with { Shape = run.Source("train").Shape, Vocabulary = run.Vocabulary };

    public static TextEncoderTrainingOptions TextEncoderTraining(RunContext run) =>
        run.Options.TextEncoderTrain with { Folder = run.Folder.Train };

    /// <summary>How models are written, and what they say about where they come from.</summary>
    public static ExportOptions Export(RunContext run, string dataSet) => run.Options.Onnx with
    {
        Metadata = new Dictionary<string, string>
        {
            [ModelMetadata.Pipeline] = run.Options.Name,
            [ModelMetadata.Architecture] = run.Options.Kind == PipelineOptions.Gan ? run.Options.Architecture.Name : run.Options.Kind,
            [ModelMetadata.DataSet] = dataSet,
            [ModelMetadata.TrainingSteps] = (run.Summary.Metrics<TrainedSteps>("train")?.Steps ?? 0).ToString(CultureInfo.InvariantCulture),
            [ModelMetadata.TrainingHash] = run.Summary.Hash("train") ?? "",
            [ModelMetadata.Version] = About.Version,
        },
    };
}
