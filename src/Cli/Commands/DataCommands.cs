using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan data: look into data sets, render bricks.</summary>
internal static class DataCommands
{
    private const int DefaultSize = 64;

    private static readonly (string Kind, string Description)[] _kinds =
    [
        ("bricks", "50 kinds of toy bricks, rendered on the fly at any size; nothing to download"),
        ("idx", "MNIST, Fashion-MNIST, EMNIST in IDX files, gzipped or plain: their folder (also MNIST or MNIST/raw), zip or tar"),
        ("stacked-mnist", "three of MNIST's digits as the channels of a colour picture, 1000 classes; from the same files"),
        ("cifar10", "CIFAR-10: the binary or the Python version, its folder or tar.gz; or its pictures in class folders or a zip of them"),
        ("cifar100", "CIFAR-100: the same; classes are the fine labels, the attribute \"superclass\" is the coarse ones"),
        ("folder", "any pictures: a folder, zip or tar; folders within are classes"),
    ];

    public static void Fill(Command command, Bind bind) =>
        command.With(List(bind), DataInspectCommand.Create(bind, _kinds.Select(k => k.Kind)), Render(bind));

    private static Command List(Bind bind)
    {
        var command = new Command("list", "The kinds of data that pipelines read.");
        bind(command, (shell, _) =>
        {
            foreach (var (kind, description) in _kinds) shell.Say($"{kind,-15}{description}");
            return new JsonObject { ["kinds"] = new JsonArray(
                [.. _kinds.Select(k => (JsonNode)new JsonObject { ["kind"] = k.Kind, ["description"] = k.Description })]) };
        });
        return command;
    }

    private static Command Render(Bind bind)
    {
        var count = CommonOptions.Whole("--count", "How many pictures, those to test with included.", 64, 1, 10_000_000);
        var size = CommonOptions.Whole("--size", "Their side in pixels.", DefaultSize, 4, 1024);
        var seed = CommonOptions.Whole("--seed", "Which world.", 0, 0, long.MaxValue);
        var test = CommonOptions.Whole(
            "--test",
            "Percent of them in a folder test, of viewpoints that those in the folder train never have; 0 makes no such folders.",
            20,
            0,
            90);
        var colour = new Option<bool>("--colour", "--color") { Description = "In colour; else gray." };
        var captions = new Option<bool>("--captions") { Description = "Write captions of them, too: captions.csv." };
        var pair = new PairChoice("gray", "edges", "depth", "classes", "drawing", "pose");
        var types = new Option<string?>("--types") {
            Description = "Only these kinds, for example \"brick 2x4, plate 1x2\". Default: all fifty.",
            HelpName = "NAMES" };
        var sets = new Option<string[]>("--set")
        {
            Description = "What varies, as under data.bricks of a pipeline, for example pitch=[20, 60] or colors=[red, blue].",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        var grid = new Option<bool>("--grid") { Description = "Write one picture with all of them, grid.png, instead of a file each." };
        var output = new Option<string>("--out") {
            Description = "The folder for them. Default: bricks.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "bricks" };
        var bricks = new Command("bricks", "Toy bricks, each in a folder of its type, and a table of their attributes.") {
            count,
            size,
            seed,
            test,
            colour,
            captions,
            types,
            sets,
            grid,
            output };
        foreach (var option in pair.Options) bricks.Add(option);
        bind(bricks, (shell, parsed) =>
        {
            var options = pair.Apply(parsed, new DataOptions
            {
                Kind = "bricks",
                Count = (int)parsed.GetValue(count),
                Size = (int)parsed.GetValue(size),
                Seed = parsed.GetValue(seed),
                Classes = parsed.GetValue(types)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [],
                Bricks = Bricks(parsed.GetValue(sets)!),
                Captions = parsed.GetValue(captions) ? "sentences" : "none",
                Split = "all",
            });
            // The render's, which is the input of a pair that is turned round.
            var channels = parsed.GetValue(colour) ? 3 : 0;
            options = options.Direction == "b-to-a" ? options with { ConditionChannels = channels } : options with { Channels = channels };
            var folder = parsed.GetValue(output)!;
            var started = Stopwatch.GetTimestamp();
            var held = parsed.GetValue(grid) ? 0 : (int)Math.Round(options.Count * parsed.GetValue(test) / 100.0);
            using var source = Open(held == 0 ? options : options with { Split = "train", Count = options.Count - held });
            using var heldOut = held == 0 ? null : Open(options with { Split = "test", Count = held });
            if (parsed.GetValue(grid)) SaveGrid(source, folder);
            else Save(heldOut is null ? [("", source)] : [("train", source), ("test", heldOut)], folder, shell);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            shell.Say($"{TextFormat.Count(options.Count, "picture")} of {source.Shape.Width} x {source.Shape.Height} in " +
                $"{TextFormat.Duration(seconds)}: {folder}");
            return new JsonObject
            {
                ["output"] = Path.GetFullPath(folder), ["count"] = options.Count, ["test"] = held, ["size"] = source.Shape
                    .Width, ["channels"] = source.Shape.Channels, ["conditionChannels"] = source.ConditionChannels,
                ["classes"] = source.Classes.Count, ["seconds"] = Math.Round(seconds, 3),
            };
        });
        return new Command("render", "Make pictures.") { bricks };
    }

    private static BricksOptions Bricks(string[] sets)
    {
        var problems = new Problems();
        var map = PipelineFile.Overrides(sets, Source.CommandLine(""), problems, "KEY=VALUE, for example pitch=[20, 60]");
        var bricks = PipelineReader.Bricks(new Section(map, "", problems));
        problems.ThrowIfAny();
        return bricks;
    }

    internal static IImageSource Open(DataOptions options)
    {
        try { return DataSets.Open(options); }
        catch (DataSetException e) { throw new RequestException(e.Message, e); }
    }

    private static ImageTensor Read(IImageSource source, int first, int count)
    {
        var images = new ImageTensor(count, source.Shape.Channels, source.Shape.Height, source.Shape.Width);
        var pixels = new byte[source.Shape.Size];
        for (var i = 0; i < count; i++)
        {
            source.TryRead(first + i, pixels);
            PixelValues.ToFloats(pixels, images.Image(i));
        }
        return ToShow(images, source);
    }

    /// <summary>Images as pictures to look at: of pairs, both sides beside each other, and between them wanted keypoints.</summary>
    internal static ImageTensor ToShow(ImageTensor images, IImageSource source) =>
        source.ConditionChannels == 0 ? images
            : source.Pose is { Kind: PoseKind.Keypoints } pose
                ? PicturePairs.BesideKeypoints(images, source.ConditionChannels, pose.Channels)
            : PicturePairs.Beside(images, source.ConditionChannels, source.Pose?.Channels ?? 0);

    private static void SaveGrid(IImageSource source, string folder)
    {
        if (source.Count > 1024) throw new RequestException(
            $"--grid holds at most 1,024 pictures, but --count is {TextFormat.Count(source.Count)}.");
        Pictures.SaveGrid(Read(source, 0, source.Count), Path.Combine(folder, "grid.png"));
    }

    private static void Save(IReadOnlyList<(string, IImageSource)> parts, string folder, Shell shell)
    {
        var display = shell.Display();
        try { PictureFolder.Write(folder, parts, (done, total) => display.Progress("pictures", done, total), shell.Stop); }
        catch (DataSetException e) { throw new RequestException(e.Message, e); }
    }
}
