using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Inference;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>Options that several commands take, and numbers that say what would be right.</summary>
internal static class CommonOptions
{
    private static readonly Dictionary<string, PixelRange> _ranges = new()
    {
        ["-1..1"] = PixelRange.MinusOneToOne,
        ["0..1"] = PixelRange.ZeroToOne,
        ["0..255"] = PixelRange.ZeroTo255,
        ["16..235"] = PixelRange.SixteenTo235,
    };

    public static Option<string?> File() => new("--file")
    {
        Description = "The file with the pipelines. Default: pipelines.yaml here, else the one that ships.",
        HelpName = "pipelines.yaml",
    };

    public static Option<string[]> Sets() => new("--set")
    {
        Description = "A value in place of the file's, for example train.steps=500. May be given many times; the run's folder " +
            "remembers them.",
        HelpName = "KEY=VALUE",
        DefaultValueFactory = _ => [],
    };

    public static Option<long> Whole(string name, string description, long fallback, long min, long max) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => fallback,
        CustomParser = result => Parse(result, min, max),
    };

    /// <summary>Which part of a data set; see <see cref="ReadSplit"/>.</summary>
    public static Option<string> Split(string fallback) => new("--split")
    {
        Description = "train, test or all.", HelpName = "SPLIT", DefaultValueFactory = _ => fallback,
    };

    /// <exception cref="RequestException">There is no such part.</exception>
    public static string ReadSplit(string given) => DataOptions.Splits.Contains(given) ? given
        : throw new RequestException(
            $"--split must be {TextFormat.List(DataOptions.Splits, "or")}, but is \"{TextFormat.Shorten(given)}\".");

    /// <summary>The range of a model's pictures.</summary>
    public static Option<string?> Range(string name = "--range", string model = "the model")
    {
        var range = new Option<string?>(name)
        {
            Description = $"The values that black and white have in {model}'s pictures, where it does not say itself: " +
                $"{string.Join(", ", _ranges.Keys)}.",
            HelpName = "RANGE",
        };
        range.AcceptOnlyFromAmong([.. _ranges.Keys]);
        return range;
    }

    /// <summary>What <see cref="Range(string, string)"/> was given; null where it was not.</summary>
    public static PixelRange? Range(string? given) => given is null ? null : _ranges[given];

    private static long Parse(ArgumentResult result, long min, long max)
    {
        var token = result.Tokens[0].Value;
        if (long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min
            && value <= max) return value;
        var name = (result.Parent as OptionResult)?.Option.Name ?? "the number";
        result.AddError($"{name} must be a whole number from {TextFormat.Count(min)} to {TextFormat.Count(max)}, but is " +
            $"\"{TextFormat.Shorten(token)}\".");
        return 0;
    }
}
