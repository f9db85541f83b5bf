namespace GanPipeline.Data;

/// <summary>A colour of plastic.</summary>
/// <param name="Name">Its name in options and attributes.</param>
/// <param name="Red">Share of red light that it reflects, 0 to 1, linear.</param>
/// <param name="Green">Share of green light.</param>
/// <param name="Blue">Share of blue light.</param>
public sealed record BrickColor(string Name, float Red, float Green, float Blue)
{
    /// <summary>Its gray, by Rec. 709.</summary>
    internal float Luminance => 0.2126f * Red + 0.7152f * Green + 0.0722f * Blue;

    /// <summary>All colours.</summary>
    public static IReadOnlyList<BrickColor> All { get; } =
    [
        new("gray", 0.34f, 0.345f, 0.35f),
        new("red", 0.58f, 0.018f, 0.022f),
        new("blue", 0.008f, 0.085f, 0.47f),
        new("yellow", 0.80f, 0.49f, 0.012f),
        new("green", 0.010f, 0.30f, 0.052f),
        new("orange", 0.80f, 0.19f, 0.012f),
        new("white", 0.74f, 0.74f, 0.72f),
        new("black", 0.018f, 0.019f, 0.021f),
        new("azure", 0.06f, 0.42f, 0.68f),
        new("lime", 0.36f, 0.55f, 0.022f),
        new("brown", 0.14f, 0.050f, 0.020f),
        new("purple", 0.19f, 0.045f, 0.36f),
    ];

    /// <summary>The colour of a name, or null.</summary>
    public static BrickColor? Find(string name) => All.FirstOrDefault(c => c.Name == name);
}
