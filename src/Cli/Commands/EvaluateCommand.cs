using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan evaluate: the stage of a pipeline; or pictures, or a generator's samples, measured by others.</summary>
internal static class EvaluateCommand
{
    /// <summary>Options of a pipeline's stage, which say nothing of two sets of pictures.</summary>
    private static readonly string[] _ofStage = ["--file", "--set", "--force"];

    public static void Fill(Command command, Bind bind)
    {
        var reference = new Argument<string?>("REFERENCE")
        {
            Description = "Measure instead: the first argument's pictures by these. Either is a folder or archive of pictures, KIND:PATH " +
                "of a data set, a run's folder, or a generator's ONNX file. No Torch is loaded. --out then names a JSON file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var features = new Option<string?>("--features")
        {
            Description = "Of two sets: the features to measure in, any ONNX file; an Inception of 2048 features gives FID. " +
                "Default: the classifier of the run that is compared.",
            HelpName = "MODEL.onnx",
        };
        var featureRange = CommonOptions.Range("--feature-range", "the feature model");
        var range = CommonOptions.Range("--range", "a generator");
        var count = CommonOptions.Whole("--count", "Of two sets: pictures of each, at most. Of --checkpoints: samples.", 10_000, 2,
            1_000_000);
        var seed = CommonOptions.Whole("--seed", "Of two sets: which samples, subsets and pairs.", 0, 0, int.MaxValue);
        var split = new Option<string?>("--split")
        {
            Description = "Of two sets: the part of a data set, train, test or all. Default: test; of a folder of pictures all.",
            HelpName = "SPLIT",
        };
        split.AcceptOnlyFromAmong([.. DataOptions.Splits]);
        var size = CommonOptions.Whole("--size",
            "Of two sets: the side that pictures are brought to; 0: that of samples they are compared with, else their own.", 0, 0, 1024);
        var threads = CommonOptions.Whole("--threads", "Of two sets: processor threads; 0 takes all.", 0, 0, 1024);
        var gpu = CommonOptions.Whole("--gpu", "Of two sets: run the networks on this CUDA device; -1 is the processor.", -1, -1, 255);
        var checkpoints = new Option<bool>("--checkpoints")
        {
            Description = "Measure every checkpoint that the run keeps, by --count samples (default: evaluate.samples), into " +
                "checkpoints.json and checkpoints.svg of the run's folder, or of --out. A training in progress is not disturbed.",
        };
        RunCommands.Stage(command, Either, optional: false);
        command.With(reference, checkpoints, features, featureRange, range, count, seed, split, size, threads, gpu);

        void Either(Command command, Func<Shell, ParseResult, JsonObject> pipeline) => bind(command, (shell, parsed) =>
        {
            var first = parsed.GetValue<string>("PIPELINE")!;
            if (parsed.GetValue(checkpoints)) return Checkpoints(shell, parsed, first, reference, count);
            if (parsed.GetValue(reference) is not { } second)
            {
                var stray = new Option[] { features, featureRange, range, count, seed, split, size, threads, gpu }
                    .FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
                if (stray is null) return pipeline(shell, parsed);
                throw new RequestException($"{stray.Name} goes with two sets of pictures: gan evaluate {TextFormat.Shorten(first)} " +
                    "REFERENCE. A pipeline's own settings are under evaluate: gan show says them.");
            }
            if (_ofStage.FirstOrDefault(name => command.Options.First(o => o.Name == name) is var option
                && parsed.GetResult(option) is { Implicit: false }) is { } wrong)
                throw new RequestException($"{wrong} is of a pipeline's evaluation, and says nothing of two sets of pictures.");
            var run = new ModelOptions
            {
                Threads = (int)parsed.GetValue(threads), GpuDeviceId = parsed.GetValue(gpu) is >= 0 and var device ? (int)device : null,
            };
            return Compare(shell, first, second, new Request(
                Features(parsed.GetValue(features), first, second),
                run with { PixelRange = CommonOptions.Range(parsed.GetValue(featureRange)) },
                run with { PixelRange = CommonOptions.Range(parsed.GetValue(range)), BatchSize = 128 },
                (int)parsed.GetValue(count),
                parsed.GetValue(seed),
                parsed.GetValue(split),
                (int)parsed.GetValue(size),
                parsed.GetValue<string?>("--out")));
        });
    }

    private static JsonObject Checkpoints(Shell shell, ParseResult parsed, string name, Argument<string?> reference, Option<long> count)
    {
        if (parsed.GetValue(reference) is { } other)
            throw new RequestException($"--checkpoints measures a run by its own test pictures, and not by {TextFormat.Shorten(other)}.");
        if (parsed.GetValue<bool>("--force"))
            throw new RequestException("--checkpoints measures anew each time: --force is of no use.");
        return CheckpointEvaluation.Run(shell,
            () => RunChoice.Of(name, () => PipelineFile.Find(parsed.GetValue<string?>("--file")), null,
                parsed.GetValue<string[]>("--set")!),
            parsed.GetResult(count) is { Implicit: false } ? (int)parsed.GetValue(count) : null, parsed.GetValue<string?>("--out"));
    }

    private static JsonObject Compare(Shell shell, string first, string second, Request request)
    {
        var started = Stopwatch.GetTimestamp();
        var last = started;
        using var evaluator = FeatureSpace.Open(request.Features, "--feature-range", request.OfFeatures);
        using var generatorA = ComparedSide.OpenGenerator(first, request.OfGenerators);
        using var generatorB = ComparedSide.OpenGenerator(second, request.OfGenerators);
        using var a = generatorA ?? ComparedSide.OpenPictures(first, request.Split, request.Size, generatorB, evaluator);
        using var b = generatorB ?? ComparedSide.OpenPictures(second, request.Split, request.Size, generatorA, evaluator);
        var found = new PictureComparison(request.Features, evaluator, Progress, shell.Stop).Run(a, b, request.Count, request.Seed);
        Consoles.Rows(shell.Console, PictureMetricsText.Rows(found).Select(row => (string[])[
            Spectre.Console.Markup.Escape(row.Name), Spectre.Console.Markup.Escape(row.Value),
            $"[grey]{Spectre.Console.Markup.Escape(row.Note)}[/]"]));
        foreach (var note in found.Notes) shell.Say(note);
        var answer = MetricsJson.Write(found);
        answer["seed"] = request.Seed;
        answer["seconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 3);
        if (request.Output is { } path)
        {
            AtomicFile.WriteAllText(path, Json.Print(answer) + "\n");
            shell.Say($"Written to {path}");
        }
        return answer;

        void Progress(string what, long done, long total)
        {
            if (Stopwatch.GetElapsedTime(last).TotalSeconds < 10) return;
            last = Stopwatch.GetTimestamp();
            shell.Say($"{what}: {TextFormat.Count(done)} of {TextFormat.Count(total)}");
        }
    }

    /// <summary>The features' file: the one that was named, else the classifier of the run on either side.</summary>
    private static string Features(string? given, params string[] sides)
    {
        if (given is not null) return ModelFolder.Find(given, "classifier.onnx");
        foreach (var run in sides.Select(ComparedSide.Run).OfType<string>())
        {
            var classifier = RunChoice.OfFolder(run, null, [], runs: false).Options.Evaluate.Classifier;
            if (classifier.Length > 0) return EvaluatorFile.Find(classifier);
        }
        throw new RequestException("--features must name what to measure in: the classifier of such pictures, or an Inception for FID." +
            (Shipped() is { Length: > 0 } there ? $" There are {TextFormat.List(there)}." : ""));
    }

    /// <summary>The classifiers that ship, by folder, with what they read.</summary>
    private static string[] Shipped()
    {
        var folder = Path.Combine(About.Root, "models");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
            .Select(f => Path.Combine(f, "classifier.onnx")).Where(File.Exists).Select(Describe)];

        static string Describe(string file)
        {
            using var model = FeatureModel.Load(file);
            return $"models/{Path.GetFileName(Path.GetDirectoryName(file))} ({(model.Channels == 1 ? "gray" : "colour")}, " +
                $"{model.Width} x {model.Height})";
        }
    }

    private sealed record Request(string Features, ModelOptions OfFeatures, ModelOptions OfGenerators, int Count, long Seed, string? Split,
        int Size, string? Output);
}
