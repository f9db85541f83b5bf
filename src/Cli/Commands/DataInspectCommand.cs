using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan data inspect: what a data set holds, read once as a whole.</summary>
internal static class DataInspectCommand
{
    private const int Named = 20;
    private const int LargestSheet = 1024;
    private const int ShownCaptions = 5;

    public static Command Create(Bind bind, IEnumerable<string> kinds)
    {
        string[] known = [.. kinds.Where(k => k != "bricks")];
        var path = new Argument<string>("PATH") { Description = "A folder, zip, tar or data file." };
        var kind = new Option<string?>("--kind") {
            Description = "idx, stacked-mnist, cifar10, cifar100 or folder. Default: found out by looking.",
            HelpName = "KIND" };
        var attributes = new Option<string?>("--attributes") {
            Description = "A table of their attributes, as CelebA's or a CSV file.",
            HelpName = "FILE" };
        var captions = new Option<string?>("--captions") {
            Description = "Their captions: files, for a text file beside each picture; a folder or archive of such files; or a table.",
            HelpName = "files|PATH" };
        var subset = new Option<string?>("--subset") {
            Description = "Which of several sets in IDX files, for example letters of EMNIST's.",
            HelpName = "NAME" };
        var sheet = new Option<string?>("--sheet") {
            Description = "Write a contact sheet: pictures from all over the set, as a training gets them, class by class.",
            HelpName = "FILE.png" };
        var count = CommonOptions.Whole("--sheet-count", "How many pictures are on it.", 100, 1, LargestSheet);
        var pair = new PairChoice("gray", "side-by-side", "folders", "pose");
        var keypoints = new Option<string?>("--keypoints") {
            Description = "Of --pair pose: the table of the pictures' keypoints, as data.keypoints of a pipeline.",
            HelpName = "TABLE" };
        var pairsTable = new Option<string?>("--pairs-table") {
            Description = "Of --pair pose: the table of the pairs, as data.pairs-table. Default: pictures named alike up to the first _.",
            HelpName = "TABLE" };
        var fit = new Option<string>("--fit") {
            Description = "How pictures become square, as data.fit: crop, pad or stretch.",
            HelpName = "FIT",
            DefaultValueFactory = _ => "crop" };
        fit.AcceptOnlyFromAmong([.. DataOptions.Fits]);
        var command = new Command("inspect",
            "How many pictures a data set holds, of which sizes, classes and attributes, which are there twice, and which cannot be used.")
        {
            path, kind, attributes, captions, subset, sheet, count,
        };
        foreach (var option in pair.Options.Concat([keypoints, pairsTable, fit])) command.Add(option);
        bind(command, (shell, parsed) =>
        {
            var where = parsed.GetValue(path)!;
            if (!Path.Exists(where)) throw new RequestException($"There is no {where}.");
            var asked = parsed.GetValue(kind) ?? DataSets.Recognize(where, shell.Stop);
            if (!known.Contains(asked)) throw new RequestException(
                $"--kind must be {TextFormat.List(known, "or")}, but is \"{TextFormat.Shorten(asked)}\".");
            var told = parsed.GetValue(captions);
            if (told is not (null or "files") && !Path.Exists(told)) throw new RequestException($"There are no captions {told}.");
            using var source = DataCommands.Open(pair.Apply(parsed, new DataOptions
            {
                Captions = told is null ? "none" : told == "files" || IsFolder(told) ? "files" : "table",
                CaptionFiles = told == "files" ? null : told,
                Kind = asked,
                Path = where,
                Split = asked == "folder" ? "all" : "train",
                Subset = parsed.GetValue(subset),
                Attributes = parsed.GetValue(attributes),
                Keypoints = parsed.GetValue(keypoints),
                PairsTable = parsed.GetValue(pairsTable),
                Fit = parsed.GetValue(fit)!,
            }));
            var facts = DataSetFacts.Read(source, shell.Stop);
            Tell(shell, source, facts);
            var content = ToJson(source, facts);
            content.Insert(0, "path", Path.GetFullPath(where));
            content.Insert(1, "kind", asked);
            if (parsed.GetValue(sheet) is { } file)
            {
                SaveSheet(source, facts, file, (int)parsed.GetValue(count));
                shell.Say($"Contact sheet: {file}");
                content["sheet"] = Path.GetFullPath(file);
            }
            return content;
        });
        return command;
    }

    private static void Tell(Shell shell, IImageSource source, DataSetFacts facts)
    {
        var pairs = source as KeypointPairs;
        var what = pairs is null ? "picture" : "pair";
        shell.Say($"{source.Name}: {TextFormat.Count(source.Count, what)}, {source.Shape.Width} x {source.Shape.Height}, " +
            $"{PairChoice.Colours(source)}{(facts.Files is null ? "" : ", as a training gets them by default")}");
        if (facts.Files is { } files) shell.Say("files: " + Sizes(files));
        if (pairs is not null) PoseFacts.Tell(shell, pairs);
        foreach (var note in source.Notes) shell.Say(note);
        if (source.Classes.Count > 0)
        {
            shell.Say($"{TextFormat.Count(source.Classes.Count)} classes: {string.Join(", ", source.Classes.Take(Named)
                .Select((name, i) => $"{name} ({TextFormat.Count(facts.PerClass[i])})"))}{(source.Classes.Count > Named ? ", ..." : "")}");
        }
        if (source.Attributes.Any(a => a.Name != LabelField.Class)) shell.Say(
            $"attributes: {string.Join(", ", source.Attributes.Select(a => a.Name))}");
        if (source.HasCaptions)
        {
            shell.Say($"captions: {TextFormat.Count(source.AllCaptions().Count())} of {TextFormat.Count(source.Count, "picture")}, among " +
                "them:");
            foreach (var (picture, texts) in Captions(source)) shell.Say($"  {picture}: {string.Join(" | ", texts)}");
        }
        if (facts.Duplicates.Count > 0)
        {
            shell.Say($"copies of other {what}s: {TextFormat.Count(facts.Duplicates.Sum(d => d.Length - 1))}" +
                (facts.Contradictions > 0 ? $", {TextFormat.Count(facts.Contradictions)} of the {what}s under different classes:" : ":"));
            List(shell, [.. facts.Duplicates.Select(same => string.Join(" = ", same.Select(i => Name(source, i))))]);
        }
        if (facts.Skipped.Count > 0)
        {
            shell.Say($"{TextFormat.Count(facts.Skipped.Count, "picture")} cannot be used:");
            List(shell, [.. facts.Skipped.Select(s => $"{s.File}: {s.Reason}")]);
        }
        if (source.LeftOutFiles.Count > 0) shell.Say($"{LeftOutFiles.Heading(source.LeftOutFiles)} --json names all.");
        foreach (var line in LeftOutFiles.Lines(source.LeftOutFiles)) shell.Say("  " + line);
    }

    private static void List(Shell shell, string[] lines)
    {
        foreach (var line in lines.Take(Named)) shell.Say("  " + line);
        if (lines.Length > Named) shell.Say($"  ... and {TextFormat.Count(lines.Length - Named)} more; --json names all.");
    }

    private static string Sizes(IReadOnlyList<PictureFile> files)
    {
        var byArea = files.OrderBy(f => (long)f.Width * f.Height).ToArray();
        var (least, middle, most) = (byArea[0], byArea[byArea.Length / 2], byArea[^1]);
        var gray = files.Count(f => f.IsGray);
        var sizes = Size(least) == Size(most) ? $"all {Size(least)} pixels"
            : $"{Size(least)} to {Size(most)} pixels, in the middle {Size(middle)}";
        var colours = gray == files.Count ? "gray" : gray == 0 ? "in colour"
            : $"{TextFormat.Count(gray)} of {TextFormat.Count(files.Count)} gray";
        return $"{sizes}, {colours}";

        static string Size(PictureFile file) => $"{file.Width} x {file.Height}";
    }

    private static JsonObject ToJson(IImageSource source, DataSetFacts facts) => new()
    {
        ["name"] = source.Name,
        ["count"] = source.Count,
        ["usable"] = facts.Hashes.Count(hash => hash is not null),
        ["shape"] = new JsonArray(source.Shape.Channels, source.Shape.Height, source.Shape.Width),
        ["conditionChannels"] = source.ConditionChannels,
        ["pose"] = source is KeypointPairs pairs ? PoseFacts.ToJson(pairs) : null,
        ["files"] = facts.Files is not { } files ? null : new JsonObject
        {
            ["gray"] = files.Count(f => f.IsGray),
            ["sizes"] = new JsonArray([.. files.GroupBy(f => (f.Width, f.Height)).OrderByDescending(g => g.Count())
                .Select(g => (JsonNode)new JsonObject { ["width"] = g.Key.Width, ["height"] = g.Key.Height, ["count"] = g.Count() })]),
        },
        ["classes"] = Json.Array(source.Classes),
        ["perClass"] = new JsonArray([.. facts.PerClass.Select(n => (JsonNode)n)]),
        ["attributes"] = new JsonArray([.. source.Attributes.Select(a => (JsonNode)new JsonObject
        {
            ["name"] = a.Name,
            ["kind"] = a.Kind.ToString().ToLowerInvariant(),
            ["values"] = Json.Array(a.Values),
            ["range"] = a.Kind == LabelKind.Numeric ? new JsonArray(a.Low, a.High) : null,
        })]),
        ["captions"] = !source.HasCaptions ? null : new JsonObject
        {
            ["count"] = source.AllCaptions().Count(),
            ["examples"] = new JsonArray([.. Captions(source).Select(c =>
                (JsonNode)new JsonObject { ["picture"] = c.Picture, ["captions"] = Json.Array(c.Texts) })]),
        },
        ["fingerprint"] = source.Fingerprint,
        ["notes"] = Json.Array(source.Notes),
        ["duplicates"] = new JsonArray([.. facts.Duplicates.Select(same => Json.Array(same.Select(i => Name(source, i))))]),
        ["underDifferentClasses"] = facts.Contradictions,
        ["skipped"] = Reasons(facts.Skipped),
        ["leftOut"] = Reasons(source.LeftOutFiles),
    };

    /// <summary>The captions of some pictures from all over the set.</summary>
    private static IEnumerable<(string Picture, IReadOnlyList<string> Texts)> Captions(IImageSource source)
    {
        var shown = Math.Min(ShownCaptions, source.Count);
        return Enumerable.Range(0, shown).Select(i => (int)((long)i * source.Count / shown))
            .Select(index => (Name(source, index), source.Captions(index)));
    }

    // An archive of text files is one, too.
    private static bool IsFolder(string path) =>
        Directory.Exists(path) || Path.GetExtension(path).ToLowerInvariant() is ".zip" or ".tar" or ".gz" or ".tgz";

    private static JsonArray Reasons(IEnumerable<SkippedImage> files) =>
        new([.. files.Select(s => (JsonNode)new JsonObject { ["file"] = s.File, ["reason"] = s.Reason })]);

    /// <summary>A picture's file, or its place where it has none, and its class; of poses the files of both pictures.</summary>
    private static string Name(IImageSource source, int index)
    {
        if (source is KeypointPairs pairs && pairs.FilesOf(index) is var (from, to)) return $"{from} > {to}";
        if (source.FileOf(index) is { } file) return file.File;
        return source.Label(index) is >= 0 and var label ? $"{TextFormat.Count(index)} ({source.Classes[label]})" : TextFormat.Count(index);
    }

    private static void SaveSheet(IImageSource source, DataSetFacts facts, string file, int count)
    {
        int[] usable = [.. Enumerable.Range(0, source.Count).Where(i => facts.Hashes[i] is not null).OrderBy(source.Label)];
        if (usable.Length == 0) throw new RequestException("None of the pictures can be used, so there is no contact sheet.");
        int[] shown = [.. Enumerable.Range(0, Math.Min(count, usable.Length))
            .Select(i => usable[(long)i * usable.Length / Math.Min(count, usable.Length)])];
        var images = new ImageTensor(shown.Length, source.Shape.Channels, source.Shape.Height, source.Shape.Width);
        var pixels = new byte[source.Shape.Size];
        for (var i = 0; i < shown.Length; i++)
        {
            source.TryRead(shown[i], pixels);
            PixelValues.ToFloats(pixels, images.Image(i));
        }
        Pictures.SaveGrid(DataCommands.ToShow(images, source), file);
    }
}
