using System.Globalization;
using GanPipeline.Data;

namespace GanPipeline.Studio;

/// <summary>A brick that a visitor describes, and its picture.</summary>
/// <param name="Attributes">What is to be seen.</param>
/// <param name="Shape">Of the picture.</param>
/// <param name="Shadow">Whether it throws a shadow.</param>
internal sealed record BrickScene(BrickAttributes Attributes, ImageShape Shape, bool Shadow)
{
    private const int UsualSide = 128, LeastSide = 8, MostSide = 512;

    /// <summary>
    /// Reads an address's query: <c>kind</c>, <c>color</c> and <c>style</c> by their names, <c>yaw</c>, <c>pitch</c> and <c>light</c> in
    /// degrees, <c>background</c> from 0 to 1, <c>shadow</c>, and of the picture <c>size</c> and <c>channels</c>.
    /// </summary>
    /// <exception cref="ArgumentException">A value is wrong; the message says which.</exception>
    public static BrickScene Read(IQueryCollection query)
    {
        var side = (int)Number("size", UsualSide, LeastSide, MostSide);
        var channels = (int)Number("channels", 3, 1, 3);
        if (channels == 2) throw new ArgumentException("channels is 1 or 3; got 2.");
        var style = Text("style", BricksOptions.Render);
        if (!BricksOptions.StyleNames.Contains(style)) throw Unknown("style", style, BricksOptions.StyleNames);
        var kind = Text("kind", "brick 2x4");
        var color = Text("color", channels == 1 ? "gray" : "red");
        var brick = new BrickAttributes(
            BrickType.All.FirstOrDefault(type => type.Name == kind) ?? throw Unknown("kind", kind, BrickType.All.Select(type => type.Name)),
            BrickColor.Find(color) ?? throw Unknown("color", color, BrickColor.All.Select(known => known.Name)),
            Number("yaw", 35, -360, 360), Number("pitch", 35, -90, 90), Number("light", -50, -180, 180), Number("background", 0.92, 0, 1),
            Fill: 0.9, style);
        return new(brick, new(channels, side, side), Text("shadow", "true") == "true");

        string Text(string name, string otherwise) => query[name].ToString() is { Length: > 0 } text ? text : otherwise;

        double Number(string name, double otherwise, double least, double most)
        {
            var text = query[name].ToString();
            if (text.Length == 0) return otherwise;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{name} is a number from {least} to {most}; got '{text}'."));
        }
    }

    /// <summary>Draws it.</summary>
    /// <returns>[1, C, H, W] in [-1, 1].</returns>
    public ImageTensor Render()
    {
        var pixels = new byte[Shape.Size];
        if (Attributes.Style == BricksOptions.Drawing) new BrickMaps(Attributes, Shape.Width).Drawing(Attributes.Color, pixels);
        else BrickRenderer.Render(Attributes, Shape, Shadow, pixels);
        return ImageTensor.FromBytes(pixels, 1, Shape.Channels, Shape.Height, Shape.Width);
    }

    private static ArgumentException Unknown(string name, string value, IEnumerable<string> known) =>
        new($"There is no {name} '{value}'; there are: {string.Join(", ", known)}.");
}
