using System.CommandLine;
using GanPipeline.Data;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>The options with which a command asks for pairs of pictures.</summary>
internal sealed class PairChoice
{
    private readonly Option<string> _pair, _direction;
    private readonly Option<bool> _unpaired = new("--unpaired")
    {
        Description = "Two sides that do not belong together, as CycleGAN learns from; data.unpaired of a pipeline.",
    };

    /// <param name="pairs">Which pairs there are to ask for, besides none.</param>
    public PairChoice(params string[] pairs)
    {
        _pair = new("--pair")
        {
            Description = $"Pairs of an input and a target, shown beside each other: {string.Join(", ", pairs)}; data.pair of a pipeline.",
            HelpName = "PAIR",
            DefaultValueFactory = _ => "none",
        };
        _pair.AcceptOnlyFromAmong(["none", .. pairs]);
        _direction = new("--direction")
        {
            Description = "Which side of a pair is the input: a-to-b, the left one or what is made of a picture, or b-to-a.",
            HelpName = "DIRECTION",
            DefaultValueFactory = _ => "a-to-b",
        };
        _direction.AcceptOnlyFromAmong([.. DataOptions.Directions]);
    }

    public IEnumerable<Option> Options => [_pair, _direction, _unpaired];

    /// <summary>The data's options with the pairs that were asked for.</summary>
    public DataOptions Apply(ParseResult parsed, DataOptions options) =>
        options with
        {
            Pair = parsed.GetValue(_pair)!, Direction = parsed.GetValue(_direction)!, Unpaired = parsed.GetValue(_unpaired),
        };

    /// <summary>What pictures are, in words: gray, colour, or pairs of these.</summary>
    public static string Colours(IImageSource source)
    {
        var (input, all) = (source.ConditionChannels, source.Shape.Channels);
        return input == 0 ? Colour(all)
            : $"{(source.IsPaired ? "pairs" : "unpaired sides")} from {Colour(input - (source.Pose?.Channels ?? 0))}" +
                (source.Pose is { Kind: PoseKind.Keypoints } pose ? $" and {TextFormat.Count(pose.Channels, "keypoint")}" : "") +
                $" to {Colour(all - input)}";

        static string Colour(int channels) => channels == 1 ? "gray" : "colour";
    }
}
