using System.CommandLine;
using GanPipeline.Data;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The options with which a command names a data set without a pipeline: --data KIND:PATH and what goes with it.</summary>
/// <param name="required">Whether the data set must be named.</param>
internal sealed class DataChoice(bool required = true)
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "The images: idx:PATH (MNIST's files), stacked-mnist:PATH (the same files), cifar10:PATH, cifar100:PATH, " +
            "folder:PATH (class folders, or a zip or tar of them), bricks. " +
            "A path alone is looked at to find out.",
        HelpName = "KIND:PATH",
        Required = required,
    };

    private readonly Option<long> _size = CommonOptions.Whole("--size", "The side that images are brought to; 0: their own.", 0, 0, 1024);
    private readonly Option<long> _channels = CommonOptions.Whole("--channels", "1 gray, 3 colour, 0 the data's own.", 0, 0, 3);
    private readonly Option<long> _limit = CommonOptions.Whole("--limit", "At most so many images of a split; 0: all.", 0, 0, int.MaxValue);
    private readonly Option<double> _holdOut = new("--hold-out")
    {
        Description = "The share of a folder's images set aside for testing, where it has no folder \"test\".",
        HelpName = "SHARE",
        DefaultValueFactory = _ => 0.2,
    };

    public IEnumerable<Option> Options => [_data, _size, _channels, _limit, _holdOut];

    /// <summary>Whether a data set was named.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_data) is not null;

    /// <summary>Whether images are to be brought to a form, or to be fewer.</summary>
    public bool IsFormed(ParseResult parsed) => parsed.GetValue(_size) + parsed.GetValue(_channels) + parsed.GetValue(_limit) > 0;

    /// <summary>Opens a split.</summary>
    /// <param name="natural">The shape that data without one of its own, folders and bricks, is brought to.</param>
    /// <param name="folder">A folder of pictures that another option named; null takes --data.</param>
    public IImageSource Open(ParseResult parsed, string split, ImageShape natural, string? folder = null)
    {
        var (kind, path) = folder is null ? Parse(parsed.GetValue(_data)!) : ("folder", folder);
        var free = kind is "folder" or "bricks";
        if (parsed.GetValue(_channels) == 2)
            throw new RequestException("--channels must be 1 (gray), 3 (colour), or 0 for the data's own, but is 2.");
        var chosen = new DataOptions
        {
            Kind = kind,
            Path = path,
            Split = split,
            Size = (int)parsed.GetValue(_size) is > 0 and var s ? s : free && natural.Height == natural.Width ? natural.Height : 0,
            Channels = (int)parsed.GetValue(_channels) is > 0 and var c ? c : free && natural.Channels is 1 or 3 ? natural.Channels : 0,
            Limit = (int)parsed.GetValue(_limit),
            HoldOut = kind == "folder" && split != "all" ? parsed.GetValue(_holdOut) : 0,
        };
        try { return DataSets.Open(chosen); }
        catch (DataSetException e) { throw new RequestException(e.Message, e); }
    }

    /// <summary>What KIND:PATH means.</summary>
    /// <param name="text">As it was given.</param>
    /// <param name="name">What gave it, for messages.</param>
    internal static (string Kind, string? Path) Parse(string text, string name = "--data")
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = colon < 0 ? text : text[..colon];
        if (DataOptions.Kinds.Contains(kind) && (colon >= 0 || kind == "bricks"))
        {
            var path = colon < 0 ? "" : text[(colon + 1)..];
            if (kind == "bricks") return path.Length == 0 ? (kind, null) : throw new RequestException($"{name}: bricks need no path.");
            return System.IO.Path.Exists(path) ? (kind, path)
                : throw new RequestException($"{name}: there is no {(path.Length > 0 ? path : "path in " + text)}.");
        }
        if (System.IO.Path.Exists(text)) return (DataSets.Recognize(text), text);
        throw new RequestException($"{name} must be KIND:PATH with the kind {TextFormat.List(DataOptions.Kinds, "or")}, " +
            $"or a path that there is, but is \"{TextFormat.Shorten(text)}\".");
    }
}
