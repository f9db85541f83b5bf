using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Binds one pipeline's map to options, and finds what is right by itself and wrong together.</summary>
internal static class PipelineReader
{
    private static readonly string[] _kinds = [PipelineOptions.Gan, PipelineOptions.Classifier, PipelineOptions.TextEncoder];
    private static readonly string[] _ofFeatures = ["mirror", "standardize", "calibration"];
    private static readonly string[] _forms = ["float16", "int8"];
    private static readonly string[] _normalizedDiscriminators = ["dcgan", "transfer", "upsampling", "text-to-image"];

    public static PipelineOptions Read(string name, ConfigMap map, string path, Problems problems)
    {
        var root = new Section(map, path, problems);
        var kind = root.OneOf("kind", PipelineOptions.Gan, _kinds);
        var description = root.Text("description", "");
        var sections = new List<(string Key, Section Section)>();
        var data = root.Child("data");
        var dataOptions = Data(data);
        Finish(data, "data");
        var isGan = kind == PipelineOptions.Gan;
        var isClassifier = kind == PipelineOptions.Classifier;
        var isText = kind == PipelineOptions.TextEncoder;

        var architecture = root.Child("architecture");
        var objective = root.Child("objective");
        var train = root.Child("train");
        var networks = isGan ? architecture.Bind(PipelineSections.Architecture) : Default(PipelineSections.Architecture);
        var condition = isGan ? architecture.Bind(PipelineSections.Condition) : new();
        var network = isClassifier ? architecture.Bind(PipelineSections.Classifier) : Default(PipelineSections.Classifier);
        var reads = isClassifier ? architecture.Bind(PipelineSections.Reads) : new();
        var textNetwork = isText ? architecture.Bind(PipelineSections.TextEncoder) : Default(PipelineSections.TextEncoder);
        var words = isText ? architecture.Bind(PipelineSections.Words) : new();
        Finish(architecture, "architecture");
        var objectiveOptions = isGan ? objective.Bind(PipelineSections.Objective) : new();
        if (isGan) Finish(objective, "objective");
        else objective.Done();
        var training = isGan ? train.Bind(PipelineSections.Train) : Default(PipelineSections.Train);
        var classifierTraining = isClassifier ? train.Bind(PipelineSections.ClassifierTrain) : new();
        var textTraining = isText ? train.Bind(PipelineSections.TextEncoderTrain) : new();
        var preset = train.Bind(PipelineSections.Preset);
        Finish(train, "train");

        var export = root.Child("export");
        var onnx = export.Bind(PipelineSections.Onnx);
        var files = export.Bind(PipelineSections.Export);
        Finish(export, "export");
        var sample = One("sample", PipelineSections.Sample, isGan);
        var evaluate = isText ? new() : One("evaluate", PipelineSections.Evaluate, isGan);
        var retrieval = isText ? One("evaluate", PipelineSections.Retrieval, true) : new();
        var classify = root.Has("classify") ? Classify(root.Child("classify")) : null;
        var report = One("report", PipelineSections.Report, true);
        root.Map("presets");
        root.Done();
        var options = new PipelineOptions
        {
            Name = name,
            Kind = kind,
            Description = description,
            Preset = preset.Preset,
            Data = dataOptions,
            Architecture = networks,
            Condition = condition.Condition,
            TextEncoderPath = condition.TextEncoder,
            Objective = objectiveOptions,
            Train = training,
            Network = network,
            Reads = reads.Reads,
            ClassifierTrain = classifierTraining,
            TextNetwork = textNetwork,
            Words = words,
            TextEncoderTrain = textTraining,
            Retrieval = retrieval,
            Onnx = onnx,
            Export = files,
            Sample = sample,
            Evaluate = evaluate,
            Classify = classify,
            Report = report,
            Sections = new(ToJson),
        };
        if (classify is not null && !isGan)
            root.Wrong("classify", "belongs to a pipeline of kind gan, whose discriminator's features it examines.");
        else if (classify is not null && networks.Translates)
            root.Wrong("classify", $"examines a discriminator of single images; that of {networks.Name} judges pairs.");
        else if (classify is not null && networks.TellsTexts)
            root.Wrong("classify", $"examines a discriminator of single images; that of {networks.Name} judges them with a text.");
        else if (classify is not null && networks.Name == "dense")
            root.Wrong("classify", "needs a discriminator with convolutions, whose features it examines; a dense one has none.");
        if (isGan) Cross(options, data, objective, train);
        if (isGan && networks.Translates != (dataOptions.Pair != "none"))
            data.Wrong("pair", networks.Translates
                ? $"is missing: {networks.Name} learns from an input and a target side, such as gray, or " +
                    $"{(networks.Cycles ? "folders" : "side-by-side")} of a folder's files."
                : $"gives pairs, from which architecture.name: pix2pix, cyclegan or pose learns; {networks.Name} makes images of " +
                    "latents. Leave it out.");
        if (isGan && networks.Translates && dataOptions.Pair != "none" && networks.Poses != (dataOptions.Pair == "pose"))
            data.Wrong("pair", networks.Poses
                ? $"is {dataOptions.Pair}, but pose learns from an image and a wanted pose: take pose."
                : $"is pose, an image and a wanted pose, from which architecture.name: pose learns. {networks.Name} takes an image alone.");
        if (isGan && networks.Poses && training.FirstStageSteps == 0)
            train.Wrong("first-stage-steps", "is missing: the generator's first stage is trained alone at first, for half of the steps, " +
                "for example.");
        if (isGan && networks.Translates && !networks.Cycles && dataOptions.Unpaired)
            data.Wrong("unpaired", $"gives two sides that do not belong together; {networks.Name} learns from pairs. Take " +
                "architecture.name: cyclegan, or leave it out.");
        if (isGan && networks.Cycles && training.EvaluateEvery > 0)
            train.Wrong("evaluate-every", $"seeks the generator that is nearest to its targets, which {networks.Name} has none of. Leave " +
                "it out.");
        if (isGan && (!networks.Translates || networks.Cycles || networks.Poses) && evaluate.Reader.Length > 0)
            root.Child("evaluate").Wrong("reader", $"reads translated images back; {networks.Name} " +
                (networks.Cycles ? "does so itself" : networks.Poses ? "makes them of poses" : "makes images of latents") +
                ". Leave it out.");
        if (isGan && networks.Translates)
        {
            foreach (var key in (string[])["pixels", .. _ofFeatures])
            {
                if (export.Has(key))
                    export.Wrong(key, $"is for generators of latents and their discriminators, not for {networks.Name}. Leave it out.");
            }
        }
        if (isGan) Texts(options, data, architecture, export);
        if (files.Dropout && !(isGan && networks is { Translates: true, Cycles: false, Dropout: > 0 }))
            export.Wrong("dropout", "keeps in use what the generator of architecture.name: pix2pix drops, with an architecture.dropout " +
                "above 0. Leave it out.");
        foreach (var key in isGan ? [] : (string[])["pixels", .. _ofFeatures, .. isClassifier ? [] : _forms])
        {
            if (export.Has(key))
                export.Wrong(key, $"is not for a pipeline of kind {kind}, whose networks are written in one form. Leave it out.");
        }
        if (isText && dataOptions.Captions == "none")
            data.Wrong("captions", "is missing: a text encoder learns from pictures with captions, such as sentences of bricks, or files " +
                "of a folder.");
        var crop = isGan ? training.RandomCrop : isText ? textTraining.RandomCrop : classifierTraining.RandomCrop;
        if (dataOptions.Size > 0 && crop >= dataOptions.Size)
            train.Wrong("random-crop", $"{crop} pixels are too many for images of {dataOptions.Size}: less than the side.");
        return options;

        void Finish(Section section, string key)
        {
            section.Done();
            sections.Add((key, section));
        }

        T One<T>(string key, OptionPart<T> part, bool shown) where T : class
        {
            var section = root.Child(key);
            var bound = section.Bind(part);
            section.Done();
            if (shown) sections.Add((key, section));
            return bound;
        }

        JsonObject ToJson()
        {
            var json = new JsonObject();
            foreach (var (key, section) in sections) json[key] = section.ToJson();
            if (dataOptions.Kind != "bricks") json["data"]!.AsObject().Remove("bricks");
            return json;
        }

        ClassifySection Classify(Section section)
        {
            var bound = section.Bind(PipelineSections.Classify) with { Transfer = section.Bind(PipelineSections.Transfer) };
            Finish(section, "classify");
            return bound;
        }
    }

    /// <summary>What can be said of a pipeline before its settings are looked at.</summary>
    public static PipelineSummary Summarize(string name, ConfigMap map, string path, Problems problems)
    {
        var root = new Section(map, path, problems);
        return new(name, root.OneOf("kind", PipelineOptions.Gan, _kinds), root.Text("description", ""), DataKind(root.Map("data")));
    }

    /// <summary>The kind of data; what is wrong with it is told as the section is bound.</summary>
    private static string DataKind(ConfigMap data) => new Section(data, "", new Problems()).OneOf(
        "kind", "bricks", PipelineSections.Data.Members.First(m => m.Key == "kind").Choices!);

    private static T Default<T>(OptionPart<T> part) where T : class => (T)part.New();

    private static DataOptions Data(Section s)
    {
        // A key that the kind of data does not have is told as such, whatever its value.
        var kind = DataKind(s.Raw);
        OnlyFor(kind is "folder" or "cifar10" or "cifar100", "a folder or archive of pictures",
            "attributes", "partition", "missing", "max-pixels");
        OnlyFor(kind is "idx" or "stacked-mnist", "IDX files", "subset", "transpose");
        OnlyFor(kind is not "bricks", "pictures from files", "crop", "hold-out");
        OnlyFor(kind is "bricks", "data of kind bricks", "bricks");
        OnlyFor(kind is "bricks" or "folder", "bricks and folders of pictures", "captions");
        OnlyFor(kind is "folder", "a folder or archive of pictures", "caption-files");
        if (s.Has("bricks")) RangesOrNames(s.Child("bricks"));
        return s.Bind(PipelineSections.Data);

        void OnlyFor(bool fits, string what, params string[] keys)
        {
            if (fits) return;
            foreach (var key in keys.Where(s.Has)) s.Wrong(key, $"is for {what}, and this data is of kind {kind}. Leave it out.");
        }
    }

    /// <summary>The bricks' options by themselves.</summary>
    public static Data.BricksOptions Bricks(Section s)
    {
        RangesOrNames(s);
        var bricks = s.Bind(new OptionPart<Data.BricksOptions>(new(), o => o.Problems()));
        s.Done();
        return bricks;
    }

    private static void RangesOrNames(Section bricks)
    {
        foreach (var (one, other) in new[] { ("background", "backgrounds"), ("light", "lights") })
        {
            if (bricks.Has(one) && bricks.Has(other))
                bricks.Wrong(
                    one,
                    $"cannot be combined with {other}: one is a range of numbers, the other a list of names. Keep one of them.");
        }
    }

    /// <summary>What is right by itself and wrong together.</summary>
    /// <summary>What a GAN that is told texts needs, and what others cannot have.</summary>
    private static void Texts(PipelineOptions options, Section data, Section architecture, Section export)
    {
        var name = options.Architecture.Name;
        if (!options.Architecture.TellsTexts)
        {
            if (options.TextEncoderPath.Length > 0)
                architecture.Wrong("text-encoder", $"embeds the texts of architecture.name: text-to-image; {name} is told none. Leave it " +
                    "out.");
            return;
        }
        if (options.TextEncoderPath.Length == 0)
            architecture.Wrong("text-encoder", $"is missing: {name} is told texts by their embeddings. Name a folder with " +
                "text-encoder.json, or a run of kind text-encoder.");
        if (options.Data.Captions == "none")
            data.Wrong("captions", $"is missing: {name} learns from pictures with captions, such as sentences of bricks, or files of a " +
                "folder.");
        if (options.Condition.Count > 0)
            architecture.Wrong("condition", $"tells networks attributes; {name} is told texts. Leave it out.");
        foreach (var key in _ofFeatures.Where(export.Has))
            export.Wrong(key, $"is for the features of discriminators of images alone, which {name} has none of. Leave it out.");
    }

    private static void Cross(PipelineOptions options, Section data, Section objective, Section train)
    {
        if (options.Train.EvaluateEvery > 0 && options.Evaluate.Classifier.Length == 0 && !options.Architecture.Translates)
        {
            train.Wrong("evaluate-every", "needs a network in whose features samples are compared: name a folder under models/, " +
                "or any ONNX file with features, as evaluate.classifier.");
        }
        // The sizes that data without a size has by itself.
        var side = options.Data switch
        {
            { Size: > 0 and var size } => size,
            { Kind: "idx" or "stacked-mnist" } => 28,
            { Kind: "folder" } => 64,
            _ => 32,
        };
        var networks = options.Architecture with { Shape = new ImageShape(1, side, side) };
        foreach (var (_, problem) in networks.Problems().Where(p => p.Member == nameof(networks.Shape)))
            data.Wrong("size", (options.Data.Size == 0 ? "is missing. " : "") + problem);
        if (options.Objective.GradientPenalty > 0 && _normalizedDiscriminators.Contains(options.Architecture.Name))
        {
            objective.Wrong(options.Objective.Loss == GanLoss.Wasserstein ? "loss" : "gradient-penalty",
                $"a gradient penalty is on each picture's own gradient, but the discriminator of {options.Architecture.Name} has batch " +
                    $"normalisation, " +
                "which mixes the pictures. Take architecture.name: wgan-gp or dense, or r1 in place of the penalty.");
        }
    }
}
