using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Jobs;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan generate: pictures from any generator in ONNX.</summary>
internal static class GenerateCommand
{
    /// <summary>Larger grids are of no use to the eye.</summary>
    private const int GridMax = 1024;

    /// <summary>More files in a folder are a burden to everybody who looks into it.</summary>
    private const int MostInFolder = 10_000;

    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string?>("MODEL.onnx")
        {
            Description = "A generator, input latent [N, Z], output image [N, C, H, W] or pixels [N, H, W, C]; or its folder, " +
                "as models/bricks-dcgan or runs/NAME.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var count = CommonOptions.Whole("--count", "How many pictures.", 64, 1, 100_000_000);
        var seed = CommonOptions.Whole("--seed", "Which pictures: the same seed gives the same ones.", 0, long.MinValue, long.MaxValue);
        var first = CommonOptions.Whole("--first", "Index of the first one, to make a large set in several goes.", 0, 0, long.MaxValue / 2);
        var label = new Option<string[]>("--label", "--text")
        {
            Description = "What a conditional generator is to draw: 7, airplane, Smiling, or \"color=red, studs-wide=2\"; values with " +
                "commas as they are or in quotes, 'Hair=\"light, wavy\"'. Of a generator that is told texts, a text: \"a red brick\". " +
                "May be given many times: they take turns. " +
                "Default: all classes in turn. gan inspect names what a model knows.",
            HelpName = "LABEL",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string>("--out") {
            Description = "The folder for them. Default: generated.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "generated" };
        var grid = new Option<bool>("--grid") { Description = "Write one picture with all of them, grid.png, instead of a file each." };
        var shards = new ShardChoice<ImageShardFormat>("Pictures");
        var seeds = new Option<string?>("--seeds")
        {
            Description = "Several seeds, --count pictures of each, as in 0-63 or 1,5,9. Shards.", HelpName = "SEEDS",
        };
        var latents = new Option<string?>("--latents")
        {
            Description = "Latents of a NumPy file, float32 or float64 [N, Z], in the place of the seed's, from row --first on. Shards.",
            HelpName = "FILE.npy",
        };
        var truncation = new Option<string?>("--truncation")
        {
            Description = "Draw latents without values beyond this, as in 0.7: more typical pictures, less different from each other.",
            HelpName = "T",
        };
        var batch = CommonOptions.Whole("--batch", "Pictures made at once.", 64, 1, 65_536);
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        var range = CommonOptions.Range();
        var gpu = CommonOptions.Whole("--gpu", "Run on this CUDA device; -1 is the processor.", -1, -1, 255);
        command.With([model, label, count, seed, seeds, first, latents, truncation, output, grid, .. shards.Options, batch, range, threads,
            gpu]);
        bind(command, (shell, parsed) =>
        {
            if (shards.Verify(parsed) is { } there) return JobCommand.Verify(shell, there);
            var path = ModelFolder.Find(
                parsed.GetValue(model) ?? throw new RequestException("gan generate needs a model: gan generate MODEL.onnx."),
                "generator.onnx");
            var many = parsed.GetValue(count);
            var options = new ModelOptions
            {
                Threads = (int)parsed.GetValue(threads),
                BatchSize = (int)parsed.GetValue(batch),
                GpuDeviceId = parsed.GetValue(gpu) is >= 0 and var device ? (int)device : null,
                PixelRange = CommonOptions.Range(parsed.GetValue(range)),
                Truncation = GenerationCommand.Truncation(parsed.GetValue(truncation)),
            };
            var asksForShards = shards.IsGiven(parsed) || parsed.GetValue(seeds) is not null || parsed.GetValue(latents) is not null;
            if (asksForShards || (many > MostInFolder && !parsed.GetValue(grid)))
            {
                if (parsed.GetValue(grid)) throw new RequestException("--grid writes one picture, and no shards.");
                return GenerationCommand.Run(shell, new GenerationOptions
                {
                    ModelFile = path,
                    Folder = parsed.GetValue(output)!,
                    Count = parsed.GetValue(latents) is { } rows && parsed.GetResult(count) is not { Implicit: false }
                        ? GenerationCommand.RowsFrom(rows, parsed.GetValue(first))
                        : many,
                    Seeds = parsed.GetValue(seeds) is { } list ? GenerationCommand.Seeds(list) : [parsed.GetValue(seed)],
                    First = parsed.GetValue(first),
                    LatentsFile = parsed.GetValue(latents),
                    Labels = parsed.GetValue(label)!,
                    Format = shards.Format(parsed),
                    ShardSize = shards.Size(parsed),
                    Part = shards.Part(parsed),
                    Model = options,
                });
            }
            if (parsed.GetValue(grid) && many > GridMax) throw new RequestException(
                $"--grid holds at most {TextFormat.Count(GridMax)} pictures, but --count is {TextFormat.Count(many)}.");
            options = options with { BatchSize = (int)Math.Min(options.BatchSize, many) };
            using var generator = Open(path, options);
            var labels = parsed.GetValue(label)!;
            Require(generator, labels);
            foreach (var warning in labels.SelectMany(generator.Warnings)) shell.Say(warning);
            var folder = parsed.GetValue(output)!;
            var work = new Work(
                path,
                generator,
                many,
                parsed.GetValue(seed),
                parsed.GetValue(first),
                options.Truncation,
                labels,
                folder,
                parsed.GetValue(grid),
                shell);
            var (made, rate, seconds, file) = work.Run();
            shell.Say($"{TextFormat.Count(made, "picture")} of {generator.Width} x {generator.Height} in " +
                $"{TextFormat.Duration(seconds)}, {TextFormat.Count((long)rate)} images/s without writing files: {file}");
            return new JsonObject
            {
                ["model"] = path,
                ["count"] = made,
                ["seed"] = parsed.GetValue(seed),
                ["first"] = parsed.GetValue(first),
                ["labels"] = Json.Array(labels),
                ["output"] = Path.GetFullPath(file),
                ["channels"] = generator.Channels,
                ["height"] = generator.Height,
                ["width"] = generator.Width,
                ["device"] = generator.Device,
                ["seconds"] = Math.Round(seconds, 3),
                ["imagesPerSecond"] = Json.Rounded(rate),
            };
        });
    }

    /// <summary>A model named in the request that is none is the request's mistake.</summary>
    internal static GeneratorModel Open(string path, ModelOptions options)
    {
        try
        {
            var generator = GeneratorModel.Load(path, options);
            if (generator.Channels is 1 or 3) return generator;
            generator.Dispose();
            throw new RequestException(
                $"{path} makes images of {generator.Channels} channels; a picture has 1 (gray) or 3 (red, green, blue).");
        }
        catch (ModelException e)
        {
            throw new RequestException(e.Message, e);
        }
    }

    /// <summary>Labels that the generator does not know are the request's mistake.</summary>
    private static void Require(GeneratorModel generator, string[] labels)
    {
        try { generator.LabelVectors(1, labels: labels); }
        catch (ArgumentException e) { throw new RequestException((labels.Length > 0 ? "--label: " : "") + e.Message, e); }
    }

    private sealed record Work(
        string Model,
        GeneratorModel Generator,
        long Count,
        long Seed,
        long First,
        float? Truncation,
        string[] Labels,
        string Folder,
        bool Grid,
        Shell Shell)
    {
        public (long Made, double Rate, double Seconds, string File) Run() => Grid ? OneGrid() : Files();

        private (long Made, double Rate, double Seconds, string File) OneGrid()
        {
            var started = Stopwatch.GetTimestamp();
            var (images, columns) = Generator.SampleGrid((int)Count, Seed, First, Labels);
            var generating = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var file = Path.Combine(Folder, "grid.png");
            Pictures.SaveGrid(images, file, columns);
            return (images.Count, images.Count / Math.Max(generating, 1e-9), Stopwatch.GetElapsedTime(started).TotalSeconds, file);
        }

        private (long Made, double Rate, double Seconds, string File) Files()
        {
            var go = GeneratedFolder.Go.Of(Model, Seed, Labels, First, Count, Truncation);
            GeneratedFolder.Check(Folder, go, FileName);
            var started = Stopwatch.GetTimestamp();
            var last = started;
            var generating = 0.0;
            long done = 0;
            var timer = Stopwatch.StartNew();
            foreach (var images in Generator.SampleBatches(Count, Seed, First, reuse: true, Labels))
            {
                generating += timer.Elapsed.TotalSeconds;
                Shell.Stop.ThrowIfCancellationRequested();
                // Not before: what fails at its first pictures leaves no folder.
                if (done == 0) GeneratedFolder.Begin(Folder, go, FileName);
                Save(images, done);
                done += images.Count;
                if (Stopwatch.GetElapsedTime(last).TotalSeconds > 10)
                {
                    last = Stopwatch.GetTimestamp();
                    Shell.Say($"{TextFormat.Count(done)} of {TextFormat.Count(Count)}");
                }
                timer.Restart();
            }
            if (LabelTable.IsFor(Generator)) LabelTable.Write(
                Path.Combine(Folder, LabelTable.NameFrom(First)),
                Generator,
                Count,
                Seed,
                First,
                Labels,
                FileName);
            return (Count, Count / Math.Max(generating, 1e-9), Stopwatch.GetElapsedTime(started).TotalSeconds, Folder);
        }

        private void Save(ImageTensor images, long done) => Parallel.For(0, images.Count, i =>
            Pictures.SavePng(images, i, Path.Combine(Folder, FileName(First + done + i))));

        private static string FileName(long index) => FormattableString.Invariant($"{index:D6}.png");
    }
}
