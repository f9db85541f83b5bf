using System.CommandLine;
using System.CommandLine.Parsing;
using GanPipeline.Jobs;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The options of a command that writes shards: their form, and which of them this process makes.</summary>
/// <typeparam name="TFormat">The forms that there are.</typeparam>
/// <param name="what">What a shard holds: pictures, rows.</param>
internal sealed class ShardChoice<TFormat>(string what) where TFormat : struct, Enum
{
    private static readonly string[] _formats = [.. Enum.GetNames<TFormat>().Select(OptionMember.KeyOf)];

    private readonly Option<string?> _format = new("--format")
    {
        Description = $"Write shards, with checksums: {string.Join(", ", _formats)}. A job that was stopped goes on when run again.",
        HelpName = "FORMAT",
    };

    private readonly Option<long> _size = CommonOptions.Whole("--shard-size", $"{what} of a shard.", 10_000, 1, 1_000_000);

    private readonly Option<string?> _part = PartOptions.Part();
    private readonly Option<long> _parts = PartOptions.Parts();

    private readonly Option<string?> _verify = new("--verify")
    {
        Description = "Make nothing, and check the shards of a folder by their checksums.", HelpName = "DIR",
    };

    public IEnumerable<Option> Options => [_format, _size, _part, _parts, _verify];

    /// <summary>Whether one of the options that only shards have was given.</summary>
    public bool IsGiven(ParseResult parsed) =>
        new Option[] { _format, _size, _part, _parts }.Any(option => parsed.GetResult(option) is OptionResult { Implicit: false });

    /// <summary>The folder to check in the place of work; null where there is none.</summary>
    public string? Verify(ParseResult parsed) => parsed.GetValue(_verify);

    public TFormat Format(ParseResult parsed) => parsed.GetValue(_format) is not { } name ? default
        : Array.IndexOf(_formats, name) is >= 0 and var index ? Enum.GetValues<TFormat>()[index]
        : throw new RequestException($"--format must be {TextFormat.List(_formats, "or")}, but is \"{TextFormat.Shorten(name)}\".");

    public int Size(ParseResult parsed) => (int)parsed.GetValue(_size);

    /// <summary>The part that is asked for, or that a cluster gives this process.</summary>
    public JobPart Part(ParseResult parsed) => PartOptions.Read(parsed.GetValue(_part), (int)parsed.GetValue(_parts));
}
