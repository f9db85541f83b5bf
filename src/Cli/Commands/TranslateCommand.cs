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
    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL.onnx")
        {
            Description = "A model from images [N, C, H, W] to images, as of Pix2Pix or CycleGAN, or its folder.",
        };
        var data = new DataChoice(required: false);
        var pictures = new Option<string>("--in")
        {
            Description = "A folder, zip or tar of pictures, in place of --data. A model of free size, or with --tile, leaves them their " +
                "own sizes; else they are brought to the model's.",
            HelpName = "FOLDER",
        };
        var tile = CommonOptions.Whole("--tile", "Cut the pictures of --in into tiles of this side, which pass into each other; 0: whole.",
            0, 0, 65_535);
        var split = CommonOptions.Split("all");
        var output = new Option<string>("--out")
        {
            Description = "The folder for the pictures, which keep their names.", HelpName = "DIR", DefaultValueFactory = _ => "translated",
        };
        var part = PartOptions.Part();
        var parts = PartOptions.Parts();
        var batch = CommonOptions.Whole("--batch", "Pictures translated at once.", 16, 1, 65_536);
        var range = CommonOptions.Range();
        var seed = CommonOptions.Whole("--seed", "Of a model with noise: which translations; the same seed gives the same ones.",
            0, long.MinValue, long.MaxValue);
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        var gpu = CommonOptions.Whole("--gpu", "Run on this CUDA device; -1 is the processor.", -1, -1, 255);
        command.With([model, pictures, tile, .. data.Options, split, output, part, parts, batch, range, seed, threads, gpu]);
        bind(command, (shell, parsed) =>
        {
            var path = ModelFolder.Find(parsed.GetValue(model)!, "translator.onnx");
            var which = CommonOptions.ReadSplit(parsed.GetValue(split)!);
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
                    NoiseSeed = parsed.GetValue(seed),
                },
            };
            var (folder, side) = (parsed.GetValue(pictures), (int)parsed.GetValue(tile));
            if (folder is not null == data.IsGiven(parsed))
                throw new RequestException("Name the pictures with --in FOLDER, or with --data KIND:PATH for a data set.");
            if (folder is null && side > 0) throw new RequestException("--tile is for the pictures of --in, which keep their own sizes.");
            var (takes, isFree) = Look(path, options.Model);
            if (folder is not null && (isFree || side > 0))
            {
                if (data.IsFormed(parsed) || which != "all")
                    throw new RequestException("The pictures keep their own sizes, and all are translated: --size, --channels, --limit " +
                        "and --split are for --data.");
                using var files = OfData(() => PictureFileList.Open(folder, takes.Channels, cancellationToken: shell.Stop));
                options = options with { TileSide = side > 0 ? side : null };
                return Run(shell, options, files.Name, () => TranslationJob.Open(options, files));
            }
            using var source = data.Open(parsed, which, takes, folder);
            return Run(shell, options, source.Name, () => TranslationJob.Open(options, source));
        });
    }

    private static JsonObject Run(Shell shell, TranslationOptions options, string name, Func<TranslationJob> open)
    {
        using var job = JobCommand.Open(open);
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
            ["data"] = name,
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

    /// <summary>The shape that the model takes, and whether it takes others.</summary>
    private static (ImageShape Shape, bool IsFree) Look(string path, ModelOptions options)
    {
        try
        {
            using var model = TranslatorModel.Load(path, options);
            if (options.NoiseSeed != 0 && !model.HasNoise)
                throw new RequestException($"{path} takes no noise that --seed could choose: export it with export.dropout=true.");
            return (new ImageShape(model.Channels, model.Height, model.Width), model.HasFreeSize);
        }
        catch (ModelException e)
        {
            throw new RequestException(e.Message, e);
        }
    }

    private static T OfData<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is DataSetException or ArgumentException)
        {
            throw new RequestException(e.Message.Split(" (Parameter")[0], e);
        }
    }
}
