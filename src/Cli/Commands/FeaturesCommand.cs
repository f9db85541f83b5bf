using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Jobs;
using GanPipeline.ML;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan features: the features of a data set's pictures, as a table or in shards.</summary>
internal static class FeaturesCommand
{
    /// <summary>What a model's features are called.</summary>
    public const string Output = "features";

    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string?>("MODEL.onnx")
        {
            Description = "A model of images [N, C, H, W] with the output features [N, F], or its folder.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var data = new DataChoice(required: false);
        var split = CommonOptions.Split("train");
        var output = new Option<string>("--out")
        {
            Description = "The table's folder.", HelpName = "DIR", DefaultValueFactory = _ => "features",
        };
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        var gpu = CommonOptions.Whole("--gpu", "Run on this CUDA device; -1 is the processor.", -1, -1, 255);
        var shards = new ShardChoice<FeatureShardFormat>("Rows");
        command.With([model, .. data.Options, split, output, .. shards.Options, threads, gpu]);
        bind(command, (shell, parsed) =>
        {
            if (shards.Verify(parsed) is { } there) return JobCommand.Verify(shell, there);
            var path = ModelFolder.Find(
                parsed.GetValue(model) ?? throw new RequestException("gan features needs a model: gan features MODEL.onnx --data PATH."),
                "features.onnx");
            if (!data.IsGiven(parsed)) throw new RequestException("gan features needs pictures: --data KIND:PATH.");
            var part = CommonOptions.ReadSplit(parsed.GetValue(split)!);
            var options = Options(parsed.GetValue(threads), parsed.GetValue(gpu));
            using var source = Open(path, options, Output, shape => data.Open(parsed, part, shape))[0];
            if (shards.IsGiven(parsed))
            {
                return Shards(shell, source, part, new FeatureJobOptions
                {
                    ModelFile = path,
                    Folder = parsed.GetValue(output)!,
                    Format = shards.Format(parsed),
                    ShardSize = shards.Size(parsed),
                    Part = shards.Part(parsed),
                    Model = options,
                });
            }
            var started = Stopwatch.GetTimestamp();
            using var table = FeatureTables.Make(parsed.GetValue(output)!, source, null, path,
                new FeatureTableOptions { MemoryBytes = 0, Model = options },
                Steps(shell, done => $"{TextFormat.Count(done)} of {TextFormat.Count(source.Count, "image")}"), shell.Stop);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            shell.Say($"{TextFormat.Count(table.Count, "row")} of {TextFormat.Count(table.Columns, "feature")}, " +
                $"{TextFormat.Bytes(table.Bytes)}, " +
                $"in {TextFormat.Duration(seconds)}: {parsed.GetValue(output)}" +
                (table.Info.Skipped > 0 ? $"; {TextFormat.Count(table.Info.Skipped, "image")} could not be used" : ""));
            return new JsonObject
            {
                ["model"] = path,
                ["data"] = source.Name,
                ["split"] = part,
                ["rows"] = table.Count,
                ["columns"] = table.Columns,
                ["classes"] = Json.Array(source.Classes),
                ["skippedImages"] = table.Info.Skipped,
                ["bytes"] = table.Bytes,
                ["output"] = table.Folder,
                ["seconds"] = Math.Round(seconds, 3),
                ["imagesPerSecond"] = Json.Rounded(table.Count / Math.Max(seconds, 1e-9)),
            };
        });
    }

    private static JsonObject Shards(Shell shell, IImageSource source, string split, FeatureJobOptions options)
    {
        using var job = JobCommand.Open(() => FeatureJob.Open(options, source));
        var result = JobCommand.Run(shell, options.Part, job.Shards, "image", job.Run, options.Folder);
        if (job.Skipped > 0) shell.Say($"{TextFormat.Count(job.Skipped, "image")} could not be used");
        var description = JobCommand.Describe(
            options.ModelFile, result, job.Total, options.Part, options.Format.ToString(), options.Folder);
        description["data"] = source.Name;
        description["split"] = split;
        description["columns"] = job.Features;
        description["classes"] = Json.Array(source.Classes);
        description["skippedImages"] = job.Skipped;
        return description;
    }

    public static ModelOptions Options(long threads, long gpu) =>
        new() { Threads = (int)threads, GpuDeviceId = gpu >= 0 ? (int)gpu : null };

    /// <summary>The data for a model, which must be of its size and channels; what is wrong with either is the request's mistake.</summary>
    public static IImageSource[] Open(
        string path, ModelOptions options, string output, params Func<ImageShape, IImageSource>[] splits)
    {
        List<IImageSource> sources = [];
        try
        {
            using var features = FeatureModel.Load(path, output, options);
            var shape = new ImageShape(features.Channels, features.Height, features.Width);
            foreach (var split in splits)
            {
                sources.Add(split(shape));
                FeatureTables.RequireFit(features, path, sources[^1]);
            }
            return [.. sources];
        }
        catch (Exception e)
        {
            foreach (var source in sources) source.Dispose();
            if (e is not ModelException) throw;
            var advice = sources.Count > 0 ? " --size and --channels bring the images to it." : "";
            throw new RequestException(e.Message + advice, e);
        }
    }

    /// <summary>A line for people now and then.</summary>
    public static Action<int> Steps(Shell shell, Func<int, string> text)
    {
        var last = Stopwatch.GetTimestamp();
        return done =>
        {
            if (Stopwatch.GetElapsedTime(last).TotalSeconds < 10) return;
            last = Stopwatch.GetTimestamp();
            shell.Say(text(done));
        };
    }
}
