using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>
/// Everything that decides one pipeline's run, typed and checked: the libraries' option records, and what only a pipeline has.
/// </summary>
internal sealed record PipelineOptions
{
    public const string Gan = "gan";
    public const string Classifier = "classifier";
    public const string TextEncoder = "text-encoder";

    public required string Name { get; init; }

    /// <summary>"gan"; "classifier": the small network whose features measure a gan; or "text-encoder".</summary>
    public required string Kind { get; init; }

    public required string Description { get; init; }
    public required string Preset { get; init; }
    public required DataOptions Data { get; init; }

    /// <summary>Of a gan; the images' shape and the labels' size are still to be filled in.</summary>
    public required ArchitectureOptions Architecture { get; init; }

    /// <summary>The images' attributes that the networks are told, as in [class]; none for an unconditional GAN.</summary>
    public required IReadOnlyList<string> Condition { get; init; }

    /// <summary>Of a text-to-image gan: the folder of the text encoder; empty for all others.</summary>
    public required string TextEncoderPath { get; init; }

    /// <summary>Of a gan.</summary>
    public required ObjectiveOptions Objective { get; init; }

    /// <summary>Of a gan.</summary>
    public required TrainingOptions Train { get; init; }

    /// <summary>Of a classifier; the images' shape and the attributes are still to be filled in.</summary>
    public required ClassifierOptions Network { get; init; }

    /// <summary>Of a classifier: the attributes it reads.</summary>
    public required IReadOnlyList<string> Reads { get; init; }

    /// <summary>Of a classifier.</summary>
    public required ClassifierTrainingOptions ClassifierTrain { get; init; }

    /// <summary>Of a text encoder; the images' shape and the vocabulary are still to be filled in.</summary>
    public required TextEncoderOptions TextNetwork { get; init; }

    /// <summary>Of a text encoder: how its vocabulary is built.</summary>
    public required VocabularyOptions Words { get; init; }

    /// <summary>Of a text encoder.</summary>
    public required TextEncoderTrainingOptions TextEncoderTrain { get; init; }

    /// <summary>Of a text encoder.</summary>
    public required RetrievalSection Retrieval { get; init; }

    public required ExportOptions Onnx { get; init; }
    public required ExportSection Export { get; init; }
    public required SampleSection Sample { get; init; }
    public required EvaluateSection Evaluate { get; init; }

    /// <summary>Null where the pipeline has no such section, and so no transfer experiment.</summary>
    public ClassifySection? Classify { get; init; }

    public required ReportSection Report { get; init; }

    /// <summary>What was written of the pipeline, defaults aside: all of it, and what of it came from --set.</summary>
    public (ConfigMap Pipeline, ConfigMap Sets) Written { get; init; }

    /// <summary>The sections under their names, each with its values under their keys; made when they are asked for.</summary>
    public required Lazy<JsonObject> Sections { private get; init; }

    /// <summary>What the pipeline trains, for messages.</summary>
    public string KindName => Kind switch { Classifier => "classifier", TextEncoder => "text encoder", _ => "GAN" };

    public int BatchSize => Kind switch
    {
        Classifier => ClassifierTrain.BatchSize,
        TextEncoder => TextEncoderTrain.BatchSize,
        _ => Train.BatchSize,
    };

    /// <summary>Whether the data are stacked digits, whose modes are known and counted.</summary>
    public bool HasModes => Data.Kind == "stacked-mnist";

    /// <summary>A part of the data. Of what is made on demand, the test part has its own size: the count is the training part's.</summary>
    public DataOptions DataOf(string split) => Data with { Split = split, Count = split == "train" ? Data.Count : 0 };

    /// <summary>A section's values under their keys; empty where the pipeline has no such section.</summary>
    public JsonObject ToJson(string section) => (JsonObject?)Sections.Value[section]?.DeepClone() ?? [];

    /// <summary>The kind and all sections that decide the results, the values under their keys.</summary>
    public JsonObject ToJson()
    {
        var all = (JsonObject)Sections.Value.DeepClone();
        all.Remove("report");
        all.Insert(0, "kind", Kind);
        return all;
    }
}

/// <summary>What the networks of a conditional GAN are told.</summary>
internal sealed record ConditionSection
{
    /// <summary>
    /// The attributes of each image that both networks are told, as in <c>[class]</c>; empty for an unconditional GAN. <c>gan data
    /// inspect</c> names a data set's attributes.
    /// </summary>
    public IReadOnlyList<string> Condition { get; init; } = [];

    /// <summary>
    /// Of <c>text-to-image</c>: the trained text encoder whose embeddings of the captions both networks are told: a folder with
    /// <c>text-encoder.json</c>, as <c>models/bricks-text-encoder</c>, or the folder of a run of kind <c>text-encoder</c>. It does not
    /// learn any more, and becomes a part of <c>generator.onnx</c>.
    /// </summary>
    public string TextEncoder { get; init; } = "";
}

/// <summary>What a classifier reads.</summary>
internal sealed record ReadsSection
{
    /// <summary>The attributes of an image that the classifier reads. <c>gan data inspect</c> names a data set's attributes.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [LabelField.Class];

    public IEnumerable<(string Member, string Problem)> Problems() =>
        Reads.Count > 0 ? [] : [(nameof(Reads), "A classifier reads at least one attribute, for example [class].")];
}

/// <summary>Values for another purpose.</summary>
internal sealed record PresetSection
{
    /// <summary>
    /// Takes the values that the pipeline has under <c>presets</c> by this name, for example <c>--set train.preset=full</c>; <c>small</c>
    /// is the pipeline as it stands.
    /// </summary>
    public string Preset { get; init; } = PipelineFile.DefaultPreset;
}

/// <summary>Which files are written beside the networks themselves.</summary>
internal sealed record ExportSection
{
    /// <summary>Also writes <c>generator-pixels.onnx</c>, whose output is bytes.</summary>
    public bool Pixels { get; init; }

    /// <summary>
    /// Also writes <c>generator-float16.onnx</c>, <c>features-float16.onnx</c>, <c>classifier-float16.onnx</c>,
    /// <c>translator-float16.onnx</c> or <c>pose-generator-float16.onnx</c>, half the size.
    /// </summary>
    public bool Float16 { get; init; }

    /// <summary>
    /// Also writes <c>generator-int8.onnx</c>, <c>features-int8.onnx</c>, <c>classifier-int8.onnx</c>, <c>translator-int8.onnx</c> or
    /// <c>pose-generator-int8.onnx</c>, computed in 8-bit integers, and measures the generator's samples like those of the original.
    /// </summary>
    public bool Int8 { get; init; }

    /// <summary>Training images that the batch normalisation in <c>features.onnx</c> takes its statistics from; at least 2.</summary>
    public int Calibration { get; init; } = 10_000;

    /// <summary>Makes the features in <c>features.onnx</c> means over an image and its mirror image.</summary>
    public bool Mirror { get; init; }

    /// <summary>
    /// Brings the features in <c>features.onnx</c> to a mean of 0 and a standard deviation of 1 over the images of <c>calibration</c>, for
    /// programs that train on them without a normaliser of their own.
    /// </summary>
    public bool Standardize { get; init; }

    /// <summary>
    /// Of <c>pix2pix</c>: dropout stays in use, which is the only noise of Isola et al. 2017 (section 2.2). <c>translator.onnx</c> then has
    /// a second input of noise, which a seed decides (<c>gan translate --seed</c>; <c>sample.seed</c> and <c>evaluate.seed</c> in a run),
    /// and takes images of one size.
    /// </summary>
    public bool Dropout { get; init; }

    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (Calibration < 2) yield return (nameof(Calibration), $"Statistics need at least 2 images; got {Calibration}.");
    }
}

/// <summary>What a run samples from the exported generator.</summary>
internal sealed record SampleSection
{
    /// <summary>Images to write as PNG files, 0 to 10,000,000.</summary>
    public int Count { get; init; } = 64;

    /// <summary>Decides the latents; at least 0.</summary>
    public long Seed { get; init; }

    /// <summary>Images in <c>grid.png</c>, 1 to 4096.</summary>
    public int Grid { get; init; } = 64;

    /// <summary>Images that are generated at once, 1 to 65,536; decides speed and memory, not the images.</summary>
    public int BatchSize { get; init; } = 64;

    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (Count is < 0 or > 10_000_000) yield return (nameof(Count), $"The number of images is from 0 to 10,000,000; got {Count}.");
        if (Seed < 0) yield return (nameof(Seed), $"A seed is at least 0; got {Seed}.");
        if (Grid is < 1 or > 4096) yield return (nameof(Grid), $"The grid has from 1 to 4096 images; got {Grid}.");
        if (BatchSize is < 1 or > 65_536) yield return (nameof(BatchSize), $"A batch has from 1 to 65,536 images; got {BatchSize}.");
    }
}

/// <summary>How samples are compared with real images.</summary>
internal sealed record EvaluateSection
{
    /// <summary>
    /// The network in whose features samples and real images are compared: a folder with a <c>classifier.onnx</c>, as under
    /// <c>models/</c>, or any ONNX file with features. Without it samples are not evaluated, and translated images in pixels alone. For
    /// <c>stacked-mnist</c> it is a classifier of gray digits, which reads each channel by itself: the features of an image are those of
    /// its three channels behind each other. Of <c>cyclegan</c> its attribute <c>style</c>, or its only one, also tells which side
    /// outputs look like.
    /// </summary>
    public string Classifier { get; init; } = "";

    /// <summary>
    /// Of <c>pix2pix</c>: a translator that makes a pair's input of its target, to read outputs back with: an ONNX file, or a run's folder,
    /// as of the same pipeline with <c>data.direction=b-to-a</c>. Empty leaves it out.
    /// </summary>
    public string Reader { get; init; } = "";

    /// <summary>Samples, or test pairs, to compare, 100 to 1,000,000.</summary>
    public int Samples { get; init; } = 10_000;

    /// <summary>
    /// Of <c>stacked-mnist</c>: the samples whose modes are counted, 1000 to 1,000,000. Figures of different numbers cannot be compared;
    /// publications have 26,000 (Lin et al. 2018).
    /// </summary>
    public int ModeSamples { get; init; } = 26_000;

    /// <summary>
    /// Samples whose nearest training pictures are looked for, to tell whether the generator copies: 1 to 10,000, among all training
    /// pictures; 0 leaves it out. As many test pictures are compared with them, at least 100.
    /// </summary>
    public int Copies { get; init; } = 1000;

    /// <summary>Decides the latents; at least 0.</summary>
    public long Seed { get; init; } = 1;

    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (Copies is < 0 or > 10_000)
            yield return (nameof(Copies), $"The samples to look for copies in are from 1 to 10,000, or 0 for none; got {Copies}.");
        if (ModeSamples is < 1000 or > 1_000_000)
            yield return (nameof(ModeSamples), $"The 1000 modes of stacked-mnist need from 1000 to 1,000,000 samples; got {ModeSamples}.");
        if (Samples is < 100 or > 1_000_000)
            yield return (nameof(Samples), $"The number of samples is from 100 to 1,000,000; got {Samples}.");
        if (Seed < 0) yield return (nameof(Seed), $"A seed is at least 0; got {Seed}.");
    }
}

/// <summary>How it is measured whether pictures find their captions.</summary>
internal sealed record RetrievalSection
{
    /// <summary>Test pictures, 100 to 1,000,000, or as many as there are.</summary>
    public int Pictures { get; init; } = 10_000;

    /// <summary>
    /// Captions that a picture has to choose from, its own among them; 2 to 10,000. Publications have 100 (Xu et al. 2018).
    /// </summary>
    public int Candidates { get; init; } = 100;

    /// <summary>Decides which of its captions a picture has to find, and the others; at least 0.</summary>
    public long Seed { get; init; } = 1;

    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (Pictures is < 100 or > 1_000_000)
            yield return (nameof(Pictures), $"The number of test pictures is from 100 to 1,000,000; got {Pictures}.");
        if (Candidates is < 2 or > 10_000)
            yield return (nameof(Candidates), $"A picture chooses from 2 to 10,000 captions; got {Candidates}.");
        if (Seed < 0) yield return (nameof(Seed), $"A seed is at least 0; got {Seed}.");
    }
}

/// <summary>How the discriminator's features are examined.</summary>
internal sealed record ClassifySection
{
    /// <summary>Labelled training images of each class in a draw, at least 2; 0 takes every label, once.</summary>
    public int LabelsPerClass { get; init; }

    /// <summary>Draws of labelled images, 2 to 1000; all that are compared are trained on the same ones.</summary>
    public int Draws { get; init; } = 10;

    /// <summary>
    /// Further numbers of labels of each class to train on, as in <c>[100, 250, 500, 1000]</c>, for a curve of accuracy by labels; each at
    /// least 2, with <c>draws</c> draws.
    /// </summary>
    public IReadOnlyList<int> Curve { get; init; } = [];

    /// <summary>Trains the classifier on each layer's features alone as well.</summary>
    public bool Layers { get; init; }

    /// <summary>
    /// Compares with the logit's derivatives by the discriminator's filters, centred and scaled by the generator's samples: an adversarial
    /// Fisher vector (Zhai et al. 2019) of them.
    /// </summary>
    public bool Gradients { get; init; }

    /// <summary>
    /// Feature tables of up to this many megabytes are held in memory, larger ones are read from disk. While a classifier is trained, its
    /// rows are copied into memory in any case where they fit there twice, at 4 bytes a feature; else each pass reads them again.
    /// </summary>
    public int MemoryMb { get; init; } = 2000;

    /// <summary>
    /// Keeps the feature tables in <c>features/</c> when the classifiers are trained. Another experiment on the same networks, such as one
    /// with fewer labels, reads them.
    /// </summary>
    public bool KeepFeatures { get; init; } = true;

    /// <summary>The classifiers and their training.</summary>
    public ML.TransferOptions Transfer { get; init; } = new();

    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (LabelsPerClass == 1)
            yield return (nameof(LabelsPerClass), "1 leaves no label to choose the regularisation with: at least 2, or 0 for all labels.");
        else if (LabelsPerClass is < 0 or > 1_000_000)
            yield return (nameof(LabelsPerClass), $"The labels of a class are from 2 to 1,000,000, or 0 for all; got {LabelsPerClass}.");
        foreach (var labels in Curve.Where(labels => labels is < 2 or > 1_000_000))
            yield return (nameof(Curve), $"The labels of a class are from 2 to 1,000,000; got {labels}.");
        if (Curve.Distinct().Count() < Curve.Count) yield return (nameof(Curve), "A number of labels occurs twice.");
        if (Draws is < 2 or > 1000) yield return (nameof(Draws), $"There are from 2 to 1000 draws; got {Draws}.");
        if (MemoryMb is < 0 or > 1_000_000)
            yield return (nameof(MemoryMb), $"The memory is from 0 to 1,000,000 megabytes; got {MemoryMb}.");
    }
}

/// <summary>What the report shows.</summary>
internal sealed record ReportSection
{
    /// <summary>The page's title; empty takes the pipeline's name.</summary>
    public string Title { get; init; } = "";

    /// <summary>Sample grids of the training on the page, evenly spaced; 2 to 60.</summary>
    public int Grids { get; init; } = 12;

    public IEnumerable<(string Member, string Problem)> Problems()
    {
        if (Grids is < 2 or > 60) yield return (nameof(Grids), $"The page holds from 2 to 60 grids; got {Grids}.");
    }
}
