using System.Globalization;
using System.Text.RegularExpressions;
using GanPipeline.Export;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>A module's inputs as text: 3x64x64, image=3x64x64, tokens=12:1000, label=:10.</summary>
internal static partial class ModuleInputs
{
    /// <summary>The inputs in their order.</summary>
    public static ModelInput[] Parse(IReadOnlyList<string> texts) =>
        [.. texts.Select((text, i) => Parse(text, texts.Count == 1 ? "input" : $"input{i}"))];

    private static ModelInput Parse(string text, string otherwise)
    {
        var match = Form().Match(text);
        if (!match.Success || (match.Groups["shape"].Length == 0 && !match.Groups["count"].Success))
            throw new RequestException($"--input \"{TextFormat.Shorten(text)}\" is no input: 3x64x64 are the sizes behind the batch, " +
                "image=3x64x64 has a name, tokens=12:1000 are whole numbers below 1000, label=:10 is one for each row.");
        try
        {
            var name = match.Groups["name"].Success ? match.Groups["name"].Value : otherwise;
            long[] shape = [.. match.Groups["shape"].Value.Split('x', StringSplitOptions.RemoveEmptyEntries)
                .Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
            return match.Groups["count"].Success
                ? ModelInput.Integers(name, shape, int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture))
                : ModelInput.Normal(name, shape);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new RequestException($"--input \"{TextFormat.Shorten(text)}\": {e.Message.Split('\n')[0]}", e);
        }
    }

    [GeneratedRegex(@"^((?<name>[A-Za-z_]\w*)=)?(?<shape>\d+(x\d+)*)?(:(?<count>[1-9]\d*))?$")]
    private static partial Regex Form();
}
