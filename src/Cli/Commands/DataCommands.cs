using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Commands;

/// <summary>gan data: look into data sets, render bricks.</summary>
internal static class DataCommands
{
    private const int DefaultSize = 64;

    private static readonly (string Kind, string Description)[] Kinds =
    [
        ("bricks", "50 kinds of toy bricks, rendered on the fly at any size; nothing to download"),
        ("idx", "MNIST and Fashion-MNIST: IDX files, gzipped or plain, in one folder"),
        ("cifar10", "CIFAR-10: its binary batches, or its pictures in class folders or a zip of them"),
        ("folder", "any pictures: a folder, zip or tar; folders within are classes"),
    ];

    public static Command Create(Bind bind) => new("data", "Look into data sets, render bricks.") { List(bind), Inspect(bind), Render(bind) };

    private static Command List(Bind bind)
    {
        var command = new Command("list", "The kinds of data that pipelines read.");
        bind(command, (shell, _) =>
        {
            foreach (var (kind, description) in Kinds) shell.Say($"{kind,-10}{description}");
            return new JsonObject { ["kinds"] = new JsonArray([.. Kinds.Select(k => (JsonNode)new JsonObject { ["kind"] = k.Kind, ["description"] = k.Description })]) };
        });
        return command;
    }

    private static Command Inspect(Bind bind)
    {
        var path = new Argument<string>("PATH") { Description = "A folder, zip, tar or data file." };
        var kind = new Option<string?>("--kind") { Description = "idx, cifar10 or folder. Default: found out by looking.", HelpName = "KIND" };
        var command = new Command("inspect", "How many pictures a data set holds, of which size and classes, and which cannot be used.") { path, kind };
        bind(command, (shell, parsed) =>
        {
            var where = parsed.GetValue(path)!;
            if (!Path.Exists(where)) throw new RequestException($"There is no {where}.");
            var known = Kinds.Select(k => k.Kind).Where(k => k != "bricks").ToArray();
            var asked = parsed.GetValue(kind) ?? Guess(where);
            if (!known.Contains(asked)) throw new RequestException($"--kind must be {Text.List(known, "or")}, but is \"{Text.Shorten(asked)}\".");
            using var source = Open(new DataOptions { Kind = asked, Path = where, Split = asked == "folder" ? "all" : "train" });
            var skipped = Check(source, shell);
            var content = new JsonObject
            {
                ["path"] = Path.GetFullPath(where),
                ["kind"] = asked,
                ["name"] = source.Name,
                ["count"] = source.Count,
                ["usable"] = source.Count - skipped.Count,
                ["shape"] = new JsonArray(source.Shape.Channels, source.Shape.Height, source.Shape.Width),
                ["classes"] = Json.Array(source.Classes),
                ["fingerprint"] = source.Fingerprint,
                ["skipped"] = new JsonArray([.. skipped.Select(s => (JsonNode)new JsonObject { ["file"] = s.File, ["reason"] = s.Reason })]),
            };
            shell.Say($"{source.Name}: {Text.Count(source.Count, "picture")}, {source.Shape.Width} x {source.Shape.Height}, {(source.Shape.Channels == 1 ? "gray" : "colour")}");
            if (source.Classes.Count > 0) shell.Say($"{Text.Count(source.Classes.Count)} classes: {string.Join(", ", source.Classes.Take(20))}{(source.Classes.Count > 20 ? ", ..." : "")}");
            if (skipped.Count > 0) shell.Say($"{Text.Count(skipped.Count, "picture")} cannot be used:");
            foreach (var s in skipped.Take(20)) shell.Say($"  {s.File}: {s.Reason}");
            if (skipped.Count > 20) shell.Say($"  ... and {Text.Count(skipped.Count - 20)} more; --json names all.");
            return content;
        });
        return command;
    }

    private static Command Render(Bind bind)
    {
        var count = CommonOptions.Whole("--count", "How many pictures.", 64, 1, 10_000_000);
        var size = CommonOptions.Whole("--size", "Their side in pixels.", DefaultSize, 4, 1024);
        var seed = CommonOptions.Whole("--seed", "Which world.", 0, 0, long.MaxValue);
        var colour = new Option<bool>("--colour", "--color") { Description = "In colour; else gray." };
        var grid = new Option<bool>("--grid") { Description = "Write one picture with all of them, grid.png, instead of a file each." };
        var output = new Option<string>("--out") { Description = "The folder for them. Default: bricks.", HelpName = "DIR", DefaultValueFactory = _ => "bricks" };
        var bricks = new Command("bricks", "Toy bricks, each in a folder of its type.") { count, size, seed, colour, grid, output };
        bind(bricks, (shell, parsed) =>
        {
            using var source = Open(new DataOptions
            {
                Kind = "bricks", Count = (int)parsed.GetValue(count), Size = (int)parsed.GetValue(size), Seed = parsed.GetValue(seed), Channels = parsed.GetValue(colour) ? 3 : 1,
            });
            var folder = parsed.GetValue(output)!;
            var started = Stopwatch.GetTimestamp();
            if (parsed.GetValue(grid)) SaveGrid(source, folder);
            else SaveEach(source, folder, shell.Stop);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            shell.Say($"{Text.Count(source.Count, "picture")} of {source.Shape.Width} x {source.Shape.Height} in {Text.Duration(seconds)}: {folder}");
            return new JsonObject
            {
                ["output"] = Path.GetFullPath(folder), ["count"] = source.Count, ["size"] = source.Shape.Width, ["channels"] = source.Shape.Channels,
                ["classes"] = source.Classes.Count, ["seconds"] = Math.Round(seconds, 3),
            };
        });
        return new Command("render", "Make pictures.") { bricks };
    }

    private static IImageSource Open(DataOptions options)
    {
        try { return DataSets.Open(options); }
        catch (DataSetException e) { throw new RequestException(e.Message, e); }
    }

    private static string Guess(string path)
    {
        if (!Directory.Exists(path)) return path.Contains("ubyte", StringComparison.Ordinal) ? "idx" : "folder";
        var names = Directory.EnumerateFiles(path).Take(1000).Select(f => Path.GetFileName(f)!).ToArray();
        if (names.Any(n => n.Contains("idx3-ubyte", StringComparison.Ordinal) || n.Contains("idx1-ubyte", StringComparison.Ordinal))) return "idx";
        return names.Any(n => n.StartsWith("data_batch_", StringComparison.Ordinal)) ? "cifar10" : "folder";
    }

    /// <summary>Reads every picture once, to learn which cannot be used.</summary>
    private static IReadOnlyList<SkippedImage> Check(IImageSource source, Shell shell)
    {
        Parallel.For(0, source.Count, new ParallelOptions { CancellationToken = shell.Stop }, () => new byte[source.Shape.Size], (i, _, pixels) =>
        {
            source.TryRead(i, pixels);
            return pixels;
        }, _ => { });
        return source.SkippedImages;
    }

    private static ImageTensor Read(IImageSource source, int first, int count)
    {
        var images = new ImageTensor(count, source.Shape.Channels, source.Shape.Height, source.Shape.Width);
        var pixels = new byte[source.Shape.Size];
        for (var i = 0; i < count; i++)
        {
            source.TryRead(first + i, pixels);
            PixelScale.ToFloats(pixels, images.Image(i));
        }
        return images;
    }

    private static void SaveGrid(IImageSource source, string folder)
    {
        if (source.Count > 1024) throw new RequestException($"--grid holds at most 1,024 pictures, but --count is {Text.Count(source.Count)}.");
        Pictures.SaveGrid(Read(source, 0, source.Count), Path.Combine(folder, "grid.png"));
    }

    private static void SaveEach(IImageSource source, string folder, CancellationToken stop)
    {
        foreach (var name in source.Classes) Directory.CreateDirectory(Path.Combine(folder, name));
        Parallel.For(0, source.Count, new ParallelOptions { CancellationToken = stop }, i =>
            Pictures.SavePng(Read(source, i, 1), 0, Path.Combine(folder, source.Classes[source.Label(i)], FormattableString.Invariant($"{i:D6}.png"))));
    }
}
