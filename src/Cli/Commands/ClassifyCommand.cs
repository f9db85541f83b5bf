using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.ML;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan classify: how well a linear classifier tells images apart by a model's features, beside its controls.</summary>
internal static class ClassifyCommand
{
    /// <summary>The names of <see cref="LinearTrainer"/>, in its order.</summary>
    private static readonly List<string> _trainers = [.. PipelineSections.Transfer.Members.First(m => m.Key == "trainer").Choices!];

    public static void Fill(Command command, Bind bind)
    {
        var features = new Option<string>("--features")
        {
            Description = "The features model, such as a run's models/features.onnx.", HelpName = "MODEL.onnx", Required = true,
        };
        var untrained = new Option<string?>("--untrained")
        {
            Description = "The same network's model before training, such as a run's models/untrained-features.onnx: the second control.",
            HelpName = "MODEL.onnx",
        };
        var compare = new Option<string[]>("--compare")
        {
            Description = "Another model of features to compare with, under a name of yours; may be given several times.",
            HelpName = "NAME=MODEL.onnx",
            DefaultValueFactory = _ => [],
        };
        var data = new DataChoice();
        var labels = CommonOptions.Whole("--labels-per-class",
            "Train on so many labelled images of each class, over several draws; 0 takes all labels.", 0, 0, 1_000_000);
        var curve = new Option<string>("--curve")
        {
            Description = "Further numbers of labels of each class, as in 100,250,1000: a curve of accuracy by labels.",
            HelpName = "LIST",
            DefaultValueFactory = _ => "",
        };
        var layers = new Option<bool>("--layers") { Description = "Train on each layer's features alone as well." };
        var draws = CommonOptions.Whole("--draws", "How many labelled subsets.", 10, 2, 1000);
        var seed = CommonOptions.Whole("--seed", "Which subsets.", 0, 0, int.MaxValue);
        var trainer = new Option<string>("--trainer")
        {
            Description = "logistic-regression, or linear-svm.",
            HelpName = "NAME",
            DefaultValueFactory = _ => _trainers[0],
        };
        var strengths = new Option<string>("--strengths")
        {
            Description = "Regularisations to try, as in 0.1,1,10; the search goes on beyond an end that is best. Default: decades.",
            HelpName = "LIST",
            DefaultValueFactory = _ => "",
        };
        var validation = new Option<double>("--validation")
        {
            Description = "The share of the training images on which they are compared.",
            HelpName = "SHARE",
            DefaultValueFactory = _ => 0.2,
        };
        var iterations = CommonOptions.Whole("--iterations", "The most passes of one training.", 100, 1, 100_000);
        var memory = CommonOptions.Whole("--memory-mb",
            "Feature tables up to this size are held in memory; larger ones are read from disk.", 2000, 0, 1_000_000);
        var keep = new Option<bool>("--keep-features") { Description = "Leave the feature tables in the folder." };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the classifier.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "classifier",
        };
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        var gpu = CommonOptions.Whole("--gpu", "Run the networks on this CUDA device; -1 is the processor.", -1, -1, 255);
        command.With(
            features, untrained, compare, labels, curve, layers, draws, seed, trainer, strengths, validation, iterations, memory, keep,
            output, threads, gpu);
        command.With([.. data.Options]);
        bind(command, (shell, parsed) =>
        {
            var section = new ClassifySection
            {
                LabelsPerClass = (int)parsed.GetValue(labels),
                Curve = Curve(parsed.GetValue(curve)!),
                Layers = parsed.GetValue(layers),
                Draws = (int)parsed.GetValue(draws),
                MemoryMb = (int)parsed.GetValue(memory),
                KeepFeatures = parsed.GetValue(keep),
                Transfer = new TransferOptions
                {
                    Seed = (int)parsed.GetValue(seed),
                    Trainer = Trainer(parsed.GetValue(trainer)!),
                    Strengths = Strengths(parsed.GetValue(strengths)!),
                    ValidationShare = Validation(parsed.GetValue(validation)),
                    MaximumIterations = (int)parsed.GetValue(iterations),
                },
            };
            if (section.LabelsPerClass == 1)
                throw new RequestException("--labels-per-class 1 leaves none to choose a strength with: at least 2, or 0 for all labels.");
            var others = parsed.GetValue(compare)!.Select(Named);
            if (parsed.GetValue(untrained) is { } path) others = others.Prepend((Representations.Untrained, path));
            return Run(shell, parsed, data, section, parsed.GetValue(features)!, [.. others], parsed.GetValue(output)!,
                parsed.GetValue(threads), parsed.GetValue(gpu));
        });
    }

    private static JsonObject Run(Shell shell, ParseResult parsed, DataChoice data, ClassifySection section, string features,
        (string Name, string Model)[] others, string output, long threads, long gpu)
    {
        var options = FeaturesCommand.Options(threads, gpu);
        var sources = FeaturesCommand.Open(features, options, FeaturesCommand.Output, shape => data.Open(parsed, "train", shape),
            shape => data.Open(parsed, "test", shape));
        using var train = sources[0];
        using var test = sources[1];
        var names = others.Select(other => other.Name).Concat([Representations.Features, Representations.Pixels]).ToArray();
        if (names.Distinct().Count() < names.Length)
            throw new RequestException($"--compare needs a name of its own for each model; there are {string.Join(", ", names)}.");
        foreach (var (_, other) in others)
            FeaturesCommand.Open(other, options, FeaturesCommand.Output, _ => data.Open(parsed, "test", test.Shape))[0].Dispose();
        TransferWork.Check(train, test, section);
        var tables = Path.Combine(output, "features");
        var started = Stopwatch.GetTimestamp();
        var last = started;
        var work = new TransferWork(tables, train, test, features, others, section, options, Progress, shell.Stop);
        var (result, metrics) = work.Run();
        var files = TransferFiles.Model;
        try
        {
            TransferFiles.Write(output, result, features, test, shell.Stop);
            files += $" and {TransferFiles.Onnx}";
        }
        catch (ModelException e)
        {
            shell.Say($"No {TransferFiles.Onnx}: {e.Message}");
        }
        if (!section.KeepFeatures) work.DeleteTables();
        shell.Say(metrics.Describe());
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        shell.Say($"In {TextFormat.Duration(seconds)}: {files} in {output}");
        var answer = MetricsJson.Write(metrics);
        answer["output"] = Path.GetFullPath(output);
        answer["seconds"] = Math.Round(seconds, 3);
        return answer;

        void Progress(string what, long done, long total)
        {
            if (done < total && Stopwatch.GetElapsedTime(last).TotalSeconds < 10) return;
            last = Stopwatch.GetTimestamp();
            shell.Say($"{what}: {TextFormat.Count(done)} of {TextFormat.Count(total)}");
        }
    }

    private static LinearTrainer Trainer(string name) => _trainers.IndexOf(name) is >= 0 and var index ? (LinearTrainer)index
        : throw new RequestException($"--trainer must be {TextFormat.List(_trainers, "or")}, but is \"{TextFormat.Shorten(name)}\".");

    private static double Validation(double share) => share is >= 0.01 and <= 0.5 ? share
        : throw new RequestException(FormattableString.Invariant($"--validation must be from 0.01 to 0.5, but is {share}."));

    private static (string Name, string Model) Named(string text) => text.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 } model]
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? (name, model)
        : throw new RequestException($"--compare must be NAME=MODEL.onnx, but is \"{TextFormat.Shorten(text)}\".");

    private static List<int> Curve(string text)
    {
        var list = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value is < 2 or > 1_000_000
                || list.Contains(value))
            {
                throw new RequestException(
                    $"--curve must be different whole numbers from 2 on, as in 100,1000, but is \"{TextFormat.Shorten(text)}\".");
            }
            list.Add(value);
        }
        return list;
    }

    private static List<double> Strengths(string text)
    {
        var list = new List<double>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value > 0 && value < 1e12)
                || (list.Count > 0 && value <= list[^1]))
            {
                throw new RequestException(
                    $"--strengths must be growing numbers above 0, as in 1,10, but is \"{TextFormat.Shorten(text)}\".");
            }
            list.Add(value);
        }
        return list;
    }
}
