using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Jobs;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan translate: pictures from pictures.</summary>
internal static class TranslateCommand
{
    private static readonly string[] _splits = ["train", "test", "all"];

    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL.onnx")
        {
            Description = "A model from images [N, C, H, W] to images, as of Pix2Pix or CycleGAN, or its folder.",
        };
        var data = new DataChoice();
        var split = new Option<string>("--split")
        {
            Description = "train, test or all.", HelpName = "SPLIT", DefaultValueFactory = _ => "all",
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the pictures, which keep their names.", HelpName = "DIR", DefaultValueFactory = _ => "translated",
        };
        var part = PartOptions.Part();
        var parts = PartOptions.Parts();
        var batch = CommonOptions.Whole("--batch", "Pictures translated at once.", 16, 1, 65_536);
        var range = CommonOptions.Range();
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        var gpu = CommonOptions.Whole("--gpu", "Run on this CUDA device; -1 is the processor.", -1, -1, 255);
        command.With([model, .. data.Options, split, output, part, parts, batch, range, threads, gpu]);
        bind(command, (shell, parsed) =>
        {
            var path = ModelFolder.Find(parsed.GetValue(model)!, "translator.onnx");
            var which = parsed.GetValue(split)!;
            if (!_splits.Contains(which))
                throw new RequestException($"--split must be {TextFormat.List(_splits, "or")}, but is \"{TextFormat.Shorten(which)}\".");
            var options = new TranslationOptions
            {
                ModelFile = path,
                Folder = parsed.GetValue(output)!,
                Part = PartOptions.Read(parsed.GetValue(part), (int)parsed.GetValue(parts)),
                Model = new ModelOptions
                {
                    Threads = (int)parsed.GetValue(threads),
                    BatchSize = (int)parsed.GetValue(batch),
                    GpuDeviceId = parsed.GetValue(gpu) is >= 0 and var device ? (int)device : null,
                    PixelRange = CommonOptions.Range(parsed.GetValue(range)),
                },
            };
            using var source = Open(path, options.Model, shape => data.Open(parsed, which, shape));
            return Run(shell, options, source);
        });
    }

    private static JsonObject Run(Shell shell, TranslationOptions options, IImageSource source)
    {
        using var job = JobCommand.Open(() => TranslationJob.Open(options, source));
        var last = Stopwatch.GetTimestamp();
        var result = job.Run(progress => JobCommand.Tell(shell, progress, ref last), shell.Stop);
        var rate = result.Images / Math.Max(result.Seconds, 1e-9);
        shell.Say($"{TextFormat.Count(result.Images, "picture")} in {TextFormat.Duration(result.Seconds)}, " +
            $"{TextFormat.Count((long)rate)} images/s: {options.Folder}" +
            (result.Kept > 0 ? $"; {TextFormat.Count(result.Kept)} were there" : "") +
            (result.Skipped > 0 ? $"; {TextFormat.Count(result.Skipped, "image")} could not be used" : ""));
        return new JsonObject
        {
            ["model"] = options.ModelFile,
            ["data"] = source.Name,
            ["count"] = result.Images,
            ["total"] = job.Total,
            ["kept"] = result.Kept,
            ["skippedImages"] = result.Skipped,
            ["part"] = options.Part.ToString(),
            ["output"] = Path.GetFullPath(options.Folder),
            ["seconds"] = Math.Round(result.Seconds, 3),
            ["imagesPerSecond"] = Json.Rounded(rate),
        };
    }

    /// <summary>The data in the shape that the model takes.</summary>
    private static IImageSource Open(string path, ModelOptions options, Func<ImageShape, IImageSource> open)
    {
        try
        {
            using var model = TranslatorModel.Load(path, options);
            return open(new ImageShape(model.Channels, model.Height, model.Width));
        }
        catch (ModelException e)
        {
            throw new RequestException(e.Message, e);
        }
    }
}
