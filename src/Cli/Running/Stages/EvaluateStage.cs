using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Inference.Evaluation;
using GanPipeline.Training;

namespace GanPipeline.Cli.Running;

/// <summary>
/// The Frechet distance (Heusel et al. 2017, section 4) between samples and the test images, in the feature space of a small
/// classifier; precision and recall (Kynkaanniemi et al. 2019), density and coverage (Naeem et al. 2020) beside it. A figure means
/// nothing by itself, so the same are computed for real training images, and the distance for noise and for the same generator
/// before its first step.
/// </summary>
internal sealed class EvaluateStage : Stage
{
    private const int Batch = 128;

    public override string Name => "evaluate";

    public override IReadOnlyList<string> Upstream => ["export"];

    public override IReadOnlyList<string> Outputs(RunContext run) => [];

    public static string ClassifierFile(string folder) => folder.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) ? folder : Path.Combine(folder, "classifier.onnx");

    public override JsonObject Depends(RunContext run) => new()
    {
        ["samples"] = run.Options.Evaluate.Samples,
        ["seed"] = run.Options.Evaluate.Seed,
        ["classifier"] = StageHash.OfFile(ClassifierFile(run.Options.Evaluate.Classifier)),
        ["test"] = run.Source("test").Fingerprint,
    };

    public override JsonObject Run(RunContext run, CancellationToken stop)
    {
        var file = ClassifierFile(run.Options.Evaluate.Classifier);
        using var classifier = FeatureModel.Load(file);
        var features = new FeatureSpace(classifier, run.Options.Evaluate.Samples, run.Display, stop);
        IImageSource test = run.Source("test"), train = run.Source("train");
        features.RequireChannels(test.Shape.Channels, file);
        var count = run.Options.Evaluate.Samples;
        var seed = run.Options.Evaluate.Seed;

        using var labels = run.Labels is { } layout ? new LabelQuality(file, layout) : null;

        var reference = features.Of("test images", labels?.Test(test, count, Batch) ?? FeatureSpace.Unlabelled(RealImages.Of(test, count, Batch).Select(r => r.Images)));
        var real = features.Of("real images", labels?.Real(train, count, Batch) ?? FeatureSpace.Unlabelled(RealImages.Of(train, count, Batch).Select(r => r.Images)));
        FeatureSet samples;
        using (var generator = GeneratorModel.Load(run.Folder.Generator, new ModelOptions { BatchSize = Batch }))
            samples = features.Of("samples", labels?.Samples(generator, count, seed) ?? FeatureSpace.Unlabelled(generator.SampleBatches(count, seed, reuse: true)));
        var untrained = Untrained(run, features, count, seed);
        var noise = features.Of("noise images", FeatureSpace.Unlabelled(Noise(count, test.Shape, seed)));

        var figures = new JsonObject
        {
            ["frechet"] = new JsonObject
            {
                ["samples"] = Json.Figure(reference.Distance(samples)),
                ["real"] = Json.Figure(reference.Distance(real)),
                ["noise"] = Json.Figure(reference.Distance(noise)),
                ["untrained"] = Json.Figure(reference.Distance(untrained)),
            },
            ["samples"] = Neighbours(reference.Compare(samples)),
            ["real"] = Neighbours(reference.Compare(real)),
            ["images"] = new JsonObject
            {
                ["test"] = reference.Statistics.Count, ["samples"] = samples.Statistics.Count, ["real"] = real.Statistics.Count,
                ["noise"] = noise.Statistics.Count, ["untrained"] = untrained.Statistics.Count,
            },
            ["classifier"] = classifier.Metadata.GetValueOrDefault(ModelMetadata.Pipeline) ?? Path.GetFileName(Path.GetDirectoryName(file)),
            ["features"] = classifier.FeatureCount,
        };
        if (labels is not null) figures["labels"] = labels.Figures(reference, real, samples);
        return figures;
    }

    public override string Line(JsonObject f)
    {
        var d = f["frechet"]!;
        string Value(string name) => d[name] is { } v ? Text.Figure((double)v) : "?";
        string Share(string name) => f["samples"]?[name] is { } v ? Text.Figure(Math.Round((double)v, 3)) : "?";
        return $"Frechet distance {Value("samples")} (real images {Value("real")}, untrained {Value("untrained")}, noise {Value("noise")}); " +
            $"precision {Share("precision")}, recall {Share("recall")}, coverage {Share("coverage")}" +
            (f["labels"]?["fields"] is JsonObject { Count: > 0 } fields
                ? $"; shows what was asked: {Text.List(fields.Select(l => $"{l.Key} {Text.Percent((double)l.Value!["samples"]!)}"))}"
                : "");
    }

    private static JsonObject? Neighbours(NeighbourMetrics? m) => m is null ? null : new JsonObject
    {
        ["precision"] = Json.Figure(m.Precision), ["recall"] = Json.Figure(m.Recall), ["density"] = Json.Figure(m.Density), ["coverage"] = Json.Figure(m.Coverage),
    };

    /// <summary>The same generator with the weights that its training started from.</summary>
    private static FeatureSet Untrained(RunContext run, FeatureSpace features, int count, long seed)
    {
        var path = run.Folder["models/.untrained.onnx"];
        try
        {
            using (var networks = Architectures.Create(run.Architecture, run.Options.Train.Seed))
                ExportStage.ExportGenerator(run, networks, path);
            using var generator = GeneratorModel.Load(path, new ModelOptions { BatchSize = Batch });
            return features.Of("untrained samples", FeatureSpace.Unlabelled(generator.SampleBatches(count, seed, reuse: true)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<ImageTensor> Noise(int count, ImageShape shape, long seed)
    {
        var random = new Random(unchecked((int)seed));
        for (var done = 0; done < count; done += Batch)
        {
            var images = new ImageTensor(Math.Min(Batch, count - done), shape.Channels, shape.Height, shape.Width);
            for (var i = 0; i < images.Values.Length; i++) images.Values[i] = (float)(random.NextDouble() * 2 - 1);
            yield return images;
        }
    }
}
