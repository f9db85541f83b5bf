using System.Globalization;

namespace GanPipeline.Data;

/// <summary>
/// Sentences about bricks. Each names the form, the studs along both sides and the colour, and the background and the style where these are
/// names too, so that it tells one combination of these from all others.
/// </summary>
/// <param name="namesBackground">Whether backgrounds have names.</param>
/// <param name="namesStyle">Whether there are styles to name.</param>
internal sealed class BrickCaptions(bool namesBackground, bool namesStyle)
{
    /// <summary>Captions of a picture.</summary>
    public const int Count = 5;

    private const int Wordings = 8;

    private static readonly string[] _numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight"];

    /// <summary>The captions of a picture, each worded another way.</summary>
    /// <param name="brick">What the picture shows.</param>
    /// <param name="hash">Decides the wordings.</param>
    public string[] Of(BrickAttributes brick, ulong hash)
    {
        // An odd stride visits each of the wordings before any a second time.
        var first = Hashing.Below(Hashing.Combine((long)hash, 0), Wordings);
        var stride = 2 * Hashing.Below(Hashing.Combine((long)hash, 1), Wordings / 2) + 1;
        return [.. Enumerable.Range(0, Count)
            .Select(i => One(brick, (first + i * stride) % Wordings, Hashing.Combine((long)hash, 2 + i) % 2 == 0))];
    }

    private string One(BrickAttributes brick, int wording, bool isFirstNoun)
    {
        var (color, noun) = (brick.Color.Name, Noun(brick.Type.Form, isFirstNoun));
        var (wide, @long) = (brick.Type.StudsWide, brick.Type.StudsLong);
        var (wideWord, longWord) = (_numbers[wide - 1], _numbers[@long - 1]);
        var ground = namesBackground && brick.Style != BricksOptions.Drawing
            ? BrickSetting.Backgrounds.MinBy(b => Math.Abs(b.Value - brick.Background))!.Name : null;
        var caption = wording switch
        {
            0 => $"{A(color)} {noun}, {wideWord} {Studs(wide)} wide and {longWord} long{On(", on a ", " table")}",
            1 => $"{A(color)} {noun} of {wideWord} by {longWord} studs{On(" on a ", " table")}",
            2 => string.Create(CultureInfo.InvariantCulture, $"{A(noun)} in {color}, {wide} x {@long} studs{On(", on ", " ground")}"),
            3 => $"this {color} {noun} is {wideWord} {Studs(wide)} wide and {longWord} {Studs(@long)} long{On(" on a ", " table")}",
            4 => $"{wideWord} by {longWord} studs: {A(color)} {noun}{On(" on ", " ground")}",
            5 => $"the {noun} is {color} and has {wideWord} by {longWord} studs{On("; the ground is ", "")}",
            6 => $"{color} {noun}, {longWord} {Studs(@long)} long and {wideWord} wide{On(", ", " background")}",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"there is {A(color)} {noun}{On(" on a ", " table")}, {wide} by {@long} studs"),
        };
        return namesStyle && brick.Style == BricksOptions.Drawing ? "drawing: " + caption : caption;

        string On(string before, string after) => ground is null ? "" : before + ground + after;
    }

    private static string Noun(BrickForm form, bool isFirst) => form switch
    {
        BrickForm.Brick => isFirst ? "brick" : "block",
        BrickForm.Plate => isFirst ? "plate" : "flat plate",
        BrickForm.Tile => isFirst ? "tile" : "smooth tile",
        _ => isFirst ? "slope" : "sloped brick",
    };

    private static string A(string word) => (word[0] is 'a' or 'o' ? "an " : "a ") + word;

    private static string Studs(int count) => count == 1 ? "stud" : "studs";
}
