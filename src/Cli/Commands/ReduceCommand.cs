using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Evaluation;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan reduce: a smaller form of an ONNX file, and what it loses.</summary>
internal static class ReduceCommand
{
    /// <summary>The forms by the names that they have on the command line.</summary>
    public static IReadOnlyDictionary<string, ModelPrecision> Precisions { get; } = new Dictionary<string, ModelPrecision>
    {
        ["float16"] = ModelPrecision.Float16,
        ["bfloat16"] = ModelPrecision.BFloat16,
        ["float16-compute"] = ModelPrecision.Float16Compute,
        ["int8"] = ModelPrecision.Int8,
    };

    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL.onnx")
        {
            Description = "A generator, or a network of images: features.onnx, classifier.onnx, translator.onnx, pose-generator.onnx.",
        };
        var to = new Option<string>("--to")
        {
            Description = "float16, bfloat16: weights in 16 bits, half the file, as fast as before. float16-compute: all in 16 bits, for " +
                "GPUs. int8: layers computed in 8-bit integers, a quarter to a third of the file, and faster on most processors.",
            HelpName = "FORM",
            DefaultValueFactory = _ => "int8",
        };
        to.AcceptOnlyFromAmong([.. Precisions.Keys]);
        var output = new Option<string?>("--out")
        {
            Description = "The file to write. Default: beside the model, as generator-int8.onnx.", HelpName = "FILE.onnx",
        };
        var rows = CommonOptions.Whole("--rows",
            "Latents or images for calibration, and as many again to measure the loss.", ReducedPrecision.DefaultRows, 1, 100_000);
        var data = new DataChoice(required: false);
        var range = CommonOptions.Range();
        command.With(model, to, output, rows, range);
        command.With([.. data.Options]);
        bind(command, (shell, parsed) =>
        {
            var path = parsed.GetValue(model)!;
            var precision = Precisions[parsed.GetValue(to)!];
            var file = parsed.GetValue(output) ?? Path.ChangeExtension(path, null) + $"-{parsed.GetValue(to)}.onnx";
            var options = new ModelOptions { PixelRange = CommonOptions.Range(parsed.GetValue(range)) };
            var count = (int)parsed.GetValue(rows);
            var kind = ReducibleModel.KindOf(InspectCommand.Read(path).Graph);
            var isOfLatents = kind is ReducibleModel.Generator or ReducibleModel.TextGenerator;
            if (data.IsGiven(parsed) == isOfLatents)
                throw new RequestException($"{path} is a {kind} and " + (isOfLatents ? "takes no images. Leave --data out."
                    : "takes images. --data names some to calibrate it and to measure what it loses."));
            IImageSource Open(ImageShape shape) => data.Open(parsed, "train", shape);
            var reduced = Asked(() => kind switch
            {
                ReducibleModel.Generator or ReducibleModel.TextGenerator => ReducedPrecision.WriteGenerator(
                    path, file, precision, count, options: options, cancellationToken: shell.Stop),
                ReducibleModel.PoseGenerator => OfPoseGenerator(path, file, precision, count, options, Open, shell.Stop),
                ReducibleModel.Translator => OfTranslator(path, file, precision, count, options, Open, shell.Stop),
                _ => OfImages(path, file, precision, count, options, Open, shell.Stop),
            });
            shell.Say($"{file}: {kind}, {TextFormat.Bytes(reduced.Bytes)}, " +
                $"{TextFormat.Percent((double)reduced.Bytes / reduced.OriginalBytes)} of the original" + (precision == ModelPrecision.Int8
                    ? $"; {reduced.IntegerLayers} of {TextFormat.Count(reduced.Layers, "layer")} in 8 bits" : ""));
            foreach (var (name, loss) in reduced.Losses) shell.Say(Describe(name, loss));
            return new JsonObject
            {
                ["model"] = path,
                ["kind"] = kind,
                ["output"] = Path.GetFullPath(file),
                ["precision"] = parsed.GetValue(to),
                ["bytes"] = reduced.Bytes,
                ["originalBytes"] = reduced.OriginalBytes,
                ["integerLayers"] = reduced.IntegerLayers,
                ["layers"] = reduced.Layers,
                ["rows"] = reduced.Rows,
                ["losses"] = Losses(reduced.Losses),
            };
        });
    }

    /// <summary>What an output of a form loses, as a line of text.</summary>
    public static string Describe(string output, PrecisionLoss loss) =>
        $"{output}: {TextFormat.Number(100 * loss.RelativeError)} % relative error; differences are " +
        $"{TextFormat.Number(loss.MeanAbsoluteError)} in the mean, {TextFormat.Number(loss.MaximumAbsoluteError)} at most";

    /// <summary>What a form's outputs lose, for programs.</summary>
    public static JsonObject Losses(IReadOnlyDictionary<string, PrecisionLoss> losses) =>
        new(losses.Select(loss => KeyValuePair.Create(loss.Key, (JsonNode?)new JsonObject
        {
            ["meanAbsoluteError"] = Json.Rounded(loss.Value.MeanAbsoluteError),
            ["maximumAbsoluteError"] = Json.Rounded(loss.Value.MaximumAbsoluteError),
            ["relativeError"] = Json.Rounded(loss.Value.RelativeError),
        })));

    private static ReducedModel OfImages(string path, string file, ModelPrecision precision, int rows, ModelOptions options,
        Func<ImageShape, IImageSource> open, CancellationToken stop)
    {
        string[] outputs = [.. InspectCommand.Read(path).Graph.Output.Select(o => o.Name)];
        // Any one will do: the form has them all.
        var output = outputs.Contains(FeaturesCommand.Output) ? FeaturesCommand.Output : outputs[0];
        using var source = FeaturesCommand.Open(path, options, output, open)[0];
        return ReducedPrecision.WriteImageModel(path, file, precision, Images(source, rows, stop), output, options, stop);
    }

    private static ReducedModel OfTranslator(string path, string file, ModelPrecision precision, int rows, ModelOptions options,
        Func<ImageShape, IImageSource> open, CancellationToken stop)
    {
        using var translator = TranslatorModel.Load(path, options);
        using var source = open(new(translator.Channels, translator.Height, translator.Width));
        RequireFit(path, source.Shape, translator.Channels, translator.Takes);
        return ReducedPrecision.WriteTranslator(path, file, precision, Images(source, rows, stop), options, stop);
    }

    private static ReducedModel OfPoseGenerator(string path, string file, ModelPrecision precision, int rows, ModelOptions options,
        Func<ImageShape, IImageSource> open, CancellationToken stop)
    {
        using var generator = PoseGeneratorModel.Load(path, options);
        using var source = open(new(generator.Channels, generator.Height, generator.Width));
        RequireFit(path, source.Shape, generator.Channels,
            (height, width) => (height, width) == (generator.Height, generator.Width));
        return ReducedPrecision.WritePoseGenerator(path, file, precision, Images(source, rows, stop), null, options, stop);
    }

    private static void RequireFit(string path, ImageShape shape, int channels, Func<int, int, bool> takes)
    {
        if (shape.Channels != channels || !takes(shape.Height, shape.Width))
            throw new RequestException($"{path} takes no images of [{shape.Channels}, {shape.Height}, {shape.Width}]. --size and " +
                "--channels bring the images to it.");
    }

    private static ImageTensor Images(IImageSource source, int rows, CancellationToken stop) =>
        source.ReadBatches(2 * rows, 2 * rows, stop).First().Images;

    /// <summary>A model that has no such form, and images that do not fit it, are the request's mistake.</summary>
    private static ReducedModel Asked(Func<ReducedModel> write)
    {
        try { return write(); }
        catch (Exception e) when (e is ModelException or ArgumentException) { throw new RequestException(e.Message, e); }
    }
}
