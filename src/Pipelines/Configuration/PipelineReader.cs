using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Turns one pipeline's map into options: every default, range and choice of pipelines.yaml stands here.</summary>
internal static partial class PipelineReader
{
    private static readonly string[] Kinds = [PipelineOptions.Gan, PipelineOptions.Classifier];

    public static PipelineOptions Read(string name, ConfigMap map, string path, Problems problems)
    {
        var root = new Section(map, path, problems);
        var kind = root.OneOf("kind", PipelineOptions.Gan, Kinds);
        var options = new PipelineOptions
        {
            Name = name,
            Kind = kind,
            Description = root.Text("description", ""),
            Data = Data(root.Child("data")),
            Architecture = Architecture(root.Child("architecture"), kind),
            Objective = Objective(root.Child("objective")),
            Train = Train(root.Child("train"), kind),
            Export = Export(root.Child("export")),
            Sample = Sample(root.Child("sample")),
            Evaluate = Evaluate(root.Child("evaluate")),
            Classify = root.Has("classify") ? Classify(root.Child("classify")) : null,
            Report = Report(root.Child("report")),
        };
        root.Map("presets");
        root.Done();
        Cross(root, options);
        return options;
    }

    private static ArchitectureSection Architecture(Section s, string kind)
    {
        var architecture = kind == PipelineOptions.Classifier
            ? ClassifierNetwork(s)
            : Networks(s, s.OneOf("name", "dcgan", Architectures.Names));
        s.Done();
        return architecture;
    }

    private static ArchitectureSection ClassifierNetwork(Section s)
    {
        var reads = s.Texts("reads");
        return new(PipelineOptions.Classifier, 0, s.Integer("filters", 32, 1, 1024), 0, [], s.Integer("features", 128, 8, 4096))
        {
            Reads = reads.Count > 0 ? reads : [LabelField.Class],
            Depth = s.Integer("depth", 1, 1, 4),
        };
    }

    private static ArchitectureSection Networks(Section s, string name)
    {
        var material = Architectures.Options(name, default);
        return new(name, s.Integer("latent", material.LatentSize, 1, 4096), s.Integer("filters", material.Filters, 1, 1024),
            s.Number("dropout", material.Dropout, 0, 0.95), s.Texts("condition"), 0);
    }

    private static TrainSection Train(Section s, string kind)
    {
        var classifier = kind == PipelineOptions.Classifier;
        var train = new TrainSection(
            Preset: s.Text("preset", PipelineFile.DefaultPreset),
            Steps: classifier ? 0 : s.Long("steps", 2000, 1, 1_000_000_000),
            Epochs: classifier ? s.Integer("epochs", 3, 1, 100_000) : 0,
            Batch: s.Integer("batch", classifier ? 128 : 64, 2, 65_536),
            Seed: s.Long("seed", 0, 0),
            Device: s.OneOf("device", "auto", TrainSection.Devices),
            Threads: s.Integer("threads", 0, 0, 1024),
            LearningRate: s.Number("learning-rate", classifier ? 2e-3 : 2e-4, 1e-12, 1e9),
            DiscriminatorLearningRate: classifier ? 0 : s.Number("discriminator-learning-rate", 0, 0, 1e9),
            Beta1: classifier ? 0 : s.Number("beta1", 0.5, 0, 0.99999),
            Beta2: classifier ? 0 : s.Number("beta2", 0.999, 0, 0.99999999),
            Average: classifier ? 0 : s.Number("average", 0, 0, 0.999999),
            LogEvery: s.Integer("log-every", 20, 1),
            SampleEvery: classifier ? 0 : s.Integer("sample-every", 200, 0),
            Samples: classifier ? 0 : s.Integer("samples", 64, 1, 1024),
            CheckpointEvery: s.Integer("checkpoint-every", 500, 1),
            KeepCheckpoints: classifier ? 0 : s.Integer("keep-checkpoints", 2, 1, 1000));
        if (classifier)
        {
            train = train with { Noise = s.Number("noise", 0, 0, 100) };
        }
        else
        {
            train = train with
            {
                LearningRateDecay = s.OneOf("learning-rate-decay", "none", TrainSection.Decays),
                DecayFrom = s.Long("decay-from", 0, 0),
                DecayHalfLife = s.Long("decay-half-life", 10_000, 1),
                JudgeEvery = s.Integer("judge-every", 0, 0),
            };
        }
        s.Done();
        return train;
    }

    private static ExportSection Export(Section s)
    {
        var export = new ExportSection(s.Integer("opset", 17, 13, 21), s.Flag("fold", true), s.Flag("pixels", false), s.Integer("calibration", 10_000, 2), s.Flag("mirror", false));
        s.Done();
        return export;
    }

    private static SampleSection Sample(Section s)
    {
        var sample = new SampleSection(s.Integer("count", 64, 0, 10_000_000), s.Long("seed", 0, 0), s.Integer("grid", 64, 1, 4096), s.Integer("batch", 64, 1, 65_536));
        s.Done();
        return sample;
    }

    private static EvaluateSection Evaluate(Section s)
    {
        var evaluate = new EvaluateSection(s.FullPath("classifier"), s.Integer("samples", 10_000, 100, 1_000_000), s.Long("seed", 1, 0));
        s.Done();
        return evaluate;
    }

    private static ClassifySection Classify(Section s)
    {
        var classify = new ClassifySection(
            LabelsPerClass: s.Integer("labels-per-class", 0, 0, 1_000_000),
            Draws: s.Integer("draws", 10, 2, 1000),
            Seed: s.Integer("seed", 0, 0),
            Trainer: s.OneOf("trainer", ClassifySection.Trainers[0], ClassifySection.Trainers),
            Strengths: s.Numbers("strengths", 1e-12, 1e12),
            Validation: s.Number("validation", 0.2, 0.01, 0.5),
            Iterations: s.Integer("iterations", 100, 1, 100_000),
            MemoryMb: s.Integer("memory-mb", 2000, 0, 1_000_000),
            KeepFeatures: s.Flag("keep-features", true));
        s.Done();
        if (classify.LabelsPerClass == 1) s.Wrong("labels-per-class", "1 leaves no label to choose the regularisation with: at least 2, or 0 for all labels.");
        if (classify.Strengths.Zip(classify.Strengths.Skip(1)).Any(p => p.First >= p.Second)) s.Wrong("strengths", "must grow from one to the next.");
        return classify;
    }

    private static ReportSection Report(Section s)
    {
        var report = new ReportSection(s.Text("title", ""), s.Integer("grids", 12, 2, 60));
        s.Done();
        return report;
    }

    /// <summary>What is right by itself and wrong together.</summary>
    private static void Cross(Section root, PipelineOptions options)
    {
        if (options.Classify is not null && options.Kind == PipelineOptions.Classifier)
            root.Wrong("classify", "belongs to a pipeline of kind gan, whose discriminator's features it examines.");
        else if (options.Classify is not null && options.Architecture.Name == "dense")
            root.Wrong("classify", "needs a discriminator with convolutions, whose features it examines; a dense one has none.");
        if (options.Kind == PipelineOptions.Classifier) return;
        if (options.Train.JudgeEvery > 0 && options.Evaluate.Classifier.Length == 0)
            root.Child("train").Wrong("judge-every", "needs a feature space to judge samples in: name a folder under models/, or any ONNX file with features, as evaluate.classifier.");
        // The sizes that MNIST and CIFAR-10 have by themselves; a folder's pictures must be given one.
        var side = options.Data switch { { Size: > 0 and var size } => size, { Kind: "idx" } => 28, _ => 32 };
        try
        {
            Architectures.Check(Architectures.Options(options.Architecture.Name, new ImageShape(1, side, side)));
        }
        catch (ArgumentException e)
        {
            root.Child("data").Wrong("size", (options.Data.Size == 0 ? "is missing. " : "") + e.Message);
        }
        Cross(root.Child("objective"), options.Objective, options.Architecture.Name);
    }
}
