using System.CommandLine;
using System.Globalization;
using GanPipeline.Inference;

namespace GanPipeline.Sampler;

/// <summary>The whole of gan-sample: a generator in ONNX to PNG files.</summary>
internal static class SampleCommand
{
    private const int MostInFolder = 10_000;

    // A few pictures are not worth the start of more threads.
    private const int FewPictures = 4;

    public static RootCommand Create()
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "A generator." };
        var count = Number("--count", "How many pictures, 1 to 10,000.", 1, 1, MostInFolder);
        var seed = Number("--seed", "Which pictures: the same seed gives the same ones.", 0, long.MinValue, long.MaxValue);
        var first = Number("--first", "Index of the first one.", 0, 0, long.MaxValue / 2);
        var label = new Option<string[]>("--label")
        {
            Description = "What a conditional generator is to draw, as in 7 or \"color=red\"; many take turns.",
            HelpName = "LABEL",
            DefaultValueFactory = _ => [],
        };
        var output = new Option<string>("--out")
        {
            Description = "A folder for 000000.png and so on, or a file for one picture, with the ending .png.",
            HelpName = "PATH",
            DefaultValueFactory = _ => "generated",
        };
        var grid = new Option<bool>("--grid") { Description = "Write all of them as one picture, PATH or PATH/grid.png." };
        var threads = Number("--threads", "Processor threads; 0 takes all.", 0, 0, 1024);
        var command = new RootCommand("Pictures from a generator in ONNX. gan generate makes data sets of any size.")
        {
            model, count, seed, first, label, output, grid, threads,
        };
        command.SetAction(parsed => Told(() =>
        {
            var request = new SampleRequest(parsed.GetValue(model)!, (int)parsed.GetValue(count), parsed.GetValue(seed),
                parsed.GetValue(first), parsed.GetValue(label)!, parsed.GetValue(output)!, parsed.GetValue(grid));
            var many = request.Count > FewPictures || parsed.GetResult(threads) is { Implicit: false };
            request.Write(new ModelOptions { Threads = many ? (int)parsed.GetValue(threads) : 1 });
        }));
        return command;
    }

    /// <summary>What is wrong with a request or a model, in a line.</summary>
    private static int Told(Action work)
    {
        try
        {
            work();
            return 0;
        }
        catch (Exception e) when (e is ModelException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("gan-sample: " + e.Message.Split(" (Parameter")[0]);
            return e is ArgumentException or ModelException ? 2 : 1;
        }
    }

    private static Option<long> Number(string name, string description, long value, long least, long most)
    {
        var option = new Option<long>(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => value,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count != 1 || !long.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var given)) return;
            if (given < least || given > most) result.AddError($"{name} must be from {least} to {most}, but is {given}.");
        });
        return option;
    }
}
