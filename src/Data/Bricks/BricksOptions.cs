namespace GanPipeline.Data;

/// <summary>An interval from which numbers are drawn uniformly. Equal ends mean a constant.</summary>
/// <param name="From">The least number.</param>
/// <param name="To">The greatest number.</param>
public readonly record struct NumberRange(double From, double To)
{
    /// <summary>The number at a fraction of the interval, 0 to 1.</summary>
    public double At(double share) => From + (To - From) * share;

    /// <inheritdoc/>
    public override string ToString() => $"{From} to {To}";
}

/// <summary>What varies in the pictures of the Bricks data set, and how much.</summary>
public sealed record BricksOptions
{
    /// <summary>Turn of the brick about the vertical in degrees, -360 to 360; at 0 the first-named side faces the camera.</summary>
    public NumberRange Yaw { get; init; } = new(0, 360);

    /// <summary>
    /// How far the camera looks down, in degrees, -90 to 90: 0 is level, 90 straight down. Seen from below a brick shows its hollow
    /// underside.
    /// </summary>
    public NumberRange Pitch { get; init; } = new(20, 60);

    /// <summary>Where the light comes from, in degrees to the right of the camera's view, -180 to 180.</summary>
    public NumberRange Light { get; init; } = new(-50, -50);

    /// <summary>
    /// Named directions to choose from instead, <c>left</c>, <c>front</c>, <c>right</c> and <c>back</c>; the attribute <c>light</c> is
    /// then a name.
    /// </summary>
    public IReadOnlyList<string> Lights { get; init; } = [];

    /// <summary>Brightness of the ground as it appears in the picture, 0 (black) to 1 (white).</summary>
    public NumberRange Background { get; init; } = new(0.92, 0.92);

    /// <summary>
    /// Named backgrounds to choose from instead, <c>white</c>, <c>gray</c> and <c>dark</c>; the attribute <c>background</c> is then a
    /// name.
    /// </summary>
    public IReadOnlyList<string> Backgrounds { get; init; } = [];

    /// <summary>Share of the image's side that the brick spans, 0.2 to 1.</summary>
    public NumberRange Fill { get; init; } = new(0.9, 0.9);

    /// <summary>
    /// Colours to choose from; empty means gray in gray images, and all but gray in coloured ones. <see cref="BrickColor.All"/> has their
    /// names.
    /// </summary>
    public IReadOnlyList<string> Colors { get; init; } = [];

    /// <summary>
    /// Share of the combinations of class and color that no picture to train with shows, 0 to 0.5, so that what is learned can be measured
    /// on combinations never seen; pictures to test with show all. Which they are depends on their names alone. Each class keeps at least
    /// one color.
    /// </summary>
    public double HeldOutCombinations { get; init; }

    /// <summary>Whether the brick casts a shadow.</summary>
    public bool Shadow { get; init; } = true;

    /// <summary>
    /// How pictures look, to choose from: <c>render</c>, with light and shadow, or <c>drawing</c>, flat colours with black lines on white
    /// paper, without light, shadow and background. Both are then the values of the attribute <c>style</c>. Empty means <c>render</c>.
    /// </summary>
    public IReadOnlyList<string> Styles { get; init; } = [];

    /// <summary>The values of <see cref="Styles"/>.</summary>
    internal static IReadOnlyList<string> StyleNames { get; } = [Render, Drawing];

    internal const string Render = "render", Drawing = "drawing";

    /// <summary>What is wrong with the options: the property and the problem.</summary>
    public IEnumerable<(string Member, string Problem)> Problems()
    {
        foreach (var (name, range, least, most) in new[]
        {
            (nameof(Yaw), Yaw, -360.0, 360.0), (nameof(Pitch), Pitch, -90, 90), (nameof(Light), Light, -180, 180),
            (nameof(Background), Background, 0, 1), (nameof(Fill), Fill, 0.2, 1),
        })
        {
            if (!(range.From >= least && range.To <= most && range.From <= range.To))
                yield return (name, $"the range of bricks' {name.ToLowerInvariant()} is {range}, but must be increasing and within " +
                    $"{least} to {most}");
        }
        if (!(HeldOutCombinations is >= 0 and <= 0.5))
            yield return (nameof(HeldOutCombinations),
                $"the share of combinations to hold out is {HeldOutCombinations}, but must be from 0 to 0.5");
        foreach (var (name, asked, known) in new (string, IReadOnlyList<string>, IEnumerable<string>)[]
        {
            (nameof(Colors), Colors, BrickColor.All.Select(c => c.Name)),
            (nameof(Lights), Lights, BrickSetting.Lights.Select(l => l.Name)),
            (nameof(Backgrounds), Backgrounds, BrickSetting.Backgrounds.Select(b => b.Name)),
            (nameof(Styles), Styles, StyleNames),
        })
        {
            foreach (var unknown in asked.Except(known))
                yield return (name, $"one of the bricks' {name.ToLowerInvariant()} is '{unknown}', but must be one of " +
                    $"{string.Join(", ", known)}");
            if (asked.Distinct().Count() < asked.Count)
                yield return (name, $"the bricks' {name.ToLowerInvariant()} list one twice: {string.Join(", ", asked)}");
        }
    }
}
