using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan pose: a picture from another view, or with its keypoints elsewhere.</summary>
internal static class PoseCommand
{
    // More in one picture could not be told apart.
    private const int MostInGrid = 400;

    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL.onnx")
        {
            Description = "A model of a picture and a wanted pose, as bricks-pose and folder-pose make, or its folder.",
        };
        var input = new Option<string>("--in") { Description = "The picture.", HelpName = "PICTURE", Required = true };
        var yaw = Angle("--yaw", "Of a model of views: the wanted turn about the vertical in degrees, -360 to 360.");
        var pitch = Angle("--pitch", "How far the camera looks down in degrees, -90 to 90.");
        var turn = CommonOptions.Whole("--turn", "So many views once around, from the yaw on, in one picture.", 1, 1, 360);
        var keypoints = new Option<string>("--keypoints")
        {
            Description = "Of a model of keypoints: a table of the wanted places, as data.keypoints of a pipeline, in pixels of a " +
                "picture of the size of --in.",
            HelpName = "TABLE",
        };
        var names = new Option<string[]>("--name")
        {
            Description = "The files in the table whose poses are wanted; without it, those of all.", HelpName = "FILE",
            DefaultValueFactory = _ => [],
        };
        var fit = new Option<string>("--fit")
        {
            Description = "How the picture becomes square, as data.fit of the training: crop, pad or stretch.", HelpName = "FIT",
            DefaultValueFactory = _ => "crop",
        };
        fit.AcceptOnlyFromAmong([.. DataOptions.Fits]);
        var output = new Option<string>("--out")
        {
            Description = "The PNG file for the picture, or for all side by side; of keypoints also a folder, for a file each.",
            HelpName = "FILE", DefaultValueFactory = _ => "pose.png",
        };
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        command.With(model, input, yaw, pitch, turn, keypoints, names, fit, output, threads);
        bind(command, (shell, parsed) =>
        {
            var path = ModelFolder.Find(parsed.GetValue(model)!, "pose-generator.onnx");
            var (from, file) = (parsed.GetValue(input)!, parsed.GetValue(output)!);
            var (count, what) = (0, "view");
            try
            {
                using var generator = PoseGeneratorModel.Load(path, new() { Threads = (int)parsed.GetValue(threads) });
                if (generator.Height != generator.Width)
                    throw new RequestException($"The model's pictures are {generator.Width} x {generator.Height}; only square ones are " +
                        "read.");
                var reader = new PictureReader(generator.Height, generator.Channels, parsed.GetValue(fit)!);
                var picture = reader.Read(from);
                if (generator.Pose.Kind == PoseKind.View)
                {
                    if (parsed.GetValue(keypoints) is not null || parsed.GetValue(names)!.Length > 0)
                        throw new RequestException($"--keypoints and --name do not fit: the poses of '{path}' are views. Give --yaw and " +
                            "--pitch.");
                    if (parsed.GetValue(yaw) is not { } y || parsed.GetValue(pitch) is not { } p)
                        throw new RequestException($"The poses of '{path}' are views: give --yaw and --pitch.");
                    count = (int)parsed.GetValue(turn);
                    Save(generator.Generate(picture, Around(new(y, p), count), shell.Stop), file, columns: count);
                }
                else
                {
                    if (parsed.GetValue(yaw) is not null || parsed.GetValue(pitch) is not null || parsed.GetValue(turn) > 1)
                        throw new RequestException($"--yaw, --pitch and --turn do not fit: the poses of '{path}' are keypoints " +
                            $"({string.Join(", ", generator.Pose.Keypoints)}). Give --keypoints.");
                    if (parsed.GetValue(keypoints) is not { } table)
                        throw new RequestException($"The poses of '{path}' are keypoints " +
                            $"({string.Join(", ", generator.Pose.Keypoints)}): give --keypoints.");
                    var (files, points) = Wanted(KeypointTable.Read(table, shell.Stop), parsed.GetValue(names)!, generator.Pose);
                    (count, what) = (files.Length, "pose");
                    var isOne = file.EndsWith(".png", StringComparison.OrdinalIgnoreCase);
                    if (isOne && count > MostInGrid)
                        throw new RequestException($"{count} poses are too many for one picture: give a folder with --out, or --name.");
                    var made = generator.Generate(picture, [.. points.Select(own => reader.Place(from, own))], shell.Stop);
                    if (isOne) Save(made, file, columns: 0);
                    else SaveEach(made, files, file);
                }
            }
            catch (Exception e) when (e is DataSetException or ArgumentException or InvalidOperationException or ModelException)
            {
                throw new RequestException(e.Message.Split(" (Parameter")[0], e);
            }
            shell.Say($"{TextFormat.Count(count, what)} of {from}: {file}");
            return new JsonObject
            {
                ["model"] = path, ["picture"] = from, [what + "s"] = count, ["output"] = Path.GetFullPath(file),
            };
        });
    }

    private static ViewPose[] Around(ViewPose first, int count) => [.. Enumerable.Range(0, count).Select(i => i == 0 ? first
        : first with { Yaw = (first.Yaw + 360.0 * i / count) % 360 })];

    /// <summary>The poses of the files that are asked for, with the model's keypoints in its order.</summary>
    private static (string[] Files, IReadOnlyList<(double X, double Y)?>[] Points) Wanted(
        KeypointTable table, string[] names, PoseLayout pose)
    {
        if (!table.Names.Order(StringComparer.Ordinal).SequenceEqual(pose.Keypoints.Order(StringComparer.Ordinal)))
            throw new RequestException($"The table has the keypoints {string.Join(", ", table.Names)}; the model takes " +
                $"{string.Join(", ", pose.Keypoints)}.");
        var files = names.Length == 0 ? table.Files.ToArray() : names;
        var places = table.Names.Select((name, place) => (name, place)).ToDictionary();
        return (files, [.. files.Select(file =>
        {
            var points = table.Points(file);
            return (IReadOnlyList<(double, double)?>)[.. pose.Keypoints.Select(name => points[places[name]])];
        })]);
    }

    private static void Save(ImageTensor made, string file, int columns)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
        if (made.Count == 1) Pictures.SavePng(made, 0, file);
        else Pictures.SaveGrid(made, file, columns);
    }

    private static void SaveEach(ImageTensor made, string[] files, string folder)
    {
        string[] names = [.. files.Select(file => Path.GetFileNameWithoutExtension(file) + ".png")];
        if (names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new RequestException($"Several of the wanted poses would be written to {twice.Key}: ask for one with --name.");
        Directory.CreateDirectory(folder);
        for (var i = 0; i < made.Count; i++) Pictures.SavePng(made, i, Path.Combine(folder, names[i]));
    }

    private static Option<double?> Angle(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DEGREES",
        CustomParser = result =>
        {
            var token = result.Tokens[0].Value;
            if (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
            result.AddError($"{name} must be a number of degrees, but is \"{TextFormat.Shorten(token)}\".");
            return 0;
        },
    };
}
