using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>gan pose: a picture from another view.</summary>
internal static class PoseCommand
{
    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL.onnx")
        {
            Description = "A model of a picture and a wanted view, as bricks-pose makes, or its folder.",
        };
        var input = new Option<string>("--in") { Description = "The picture.", HelpName = "PICTURE", Required = true };
        var yaw = Angle("--yaw", "The wanted turn about the vertical in degrees, -360 to 360.");
        var pitch = Angle("--pitch", "How far the camera looks down in degrees, -90 to 90.");
        var turn = CommonOptions.Whole("--turn", "So many views once around, from the yaw on, in one picture.", 1, 1, 360);
        var output = new Option<string>("--out")
        {
            Description = "The file for the picture, PNG.", HelpName = "FILE", DefaultValueFactory = _ => "pose.png",
        };
        var threads = CommonOptions.Whole("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        command.With(model, input, yaw, pitch, turn, output, threads);
        bind(command, (shell, parsed) =>
        {
            var path = ModelFolder.Find(parsed.GetValue(model)!, "pose-generator.onnx");
            var (from, count, file) = (parsed.GetValue(input)!, (int)parsed.GetValue(turn), parsed.GetValue(output)!);
            try
            {
                using var generator = PoseGeneratorModel.Load(path, new() { Threads = (int)parsed.GetValue(threads) });
                if (generator.Height != generator.Width)
                    throw new RequestException($"The model's pictures are {generator.Width} x {generator.Height}; only square ones are " +
                        "read.");
                var picture = new PictureReader(generator.Height, generator.Channels).Read(from);
                var first = new ViewPose(parsed.GetValue(yaw), parsed.GetValue(pitch));
                ViewPose[] views = [.. Enumerable.Range(0, count).Select(i => i == 0 ? first
                    : first with { Yaw = (first.Yaw + 360.0 * i / count) % 360 })];
                var made = generator.Generate(picture, views, shell.Stop);
                if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder) Directory.CreateDirectory(folder);
                if (count == 1) Pictures.SavePng(made, 0, file);
                else Pictures.SaveGrid(made, file, columns: count);
            }
            catch (Exception e) when (e is DataSetException or ArgumentException or InvalidOperationException or ModelException)
            {
                throw new RequestException(e.Message.Split(" (Parameter")[0], e);
            }
            shell.Say($"{TextFormat.Count(count, "view")} of {from}: {file}");
            return new JsonObject
            {
                ["model"] = path, ["picture"] = from, ["views"] = count, ["output"] = Path.GetFullPath(file),
            };
        });
    }

    private static Option<double> Angle(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DEGREES",
        Required = true,
        CustomParser = result =>
        {
            var token = result.Tokens[0].Value;
            if (double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
            result.AddError($"{name} must be a number of degrees, but is \"{TextFormat.Shorten(token)}\".");
            return 0;
        },
    };
}
