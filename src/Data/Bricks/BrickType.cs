namespace GanPipeline.Data;

/// <summary>The families of brick.</summary>
public enum BrickForm
{
    /// <summary>Three plates high, with studs.</summary>
    Brick,

    /// <summary>A third of a brick high, with studs.</summary>
    Plate,

    /// <summary>As high as a plate, and smooth.</summary>
    Tile,

    /// <summary>As high as a brick, with one row of studs at the back and a slope in front of it.</summary>
    Slope,
}

/// <summary>A kind of toy brick.</summary>
/// <param name="Label">Its index in <see cref="All"/>, 0 to 49.</param>
/// <param name="Form">The family.</param>
/// <param name="StudsWide">Studs along the side that its name lists first. A slope falls along this side.</param>
/// <param name="StudsLong">Studs along the other side.</param>
public sealed record BrickType(int Label, BrickForm Form, int StudsWide, int StudsLong)
{
    // Footprints that the real toy has, or could have; larger ones lose their studs at 32 pixels.
    private static readonly (int Wide, int Long)[] _studded =
    [
        (1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 8),
        (2, 2), (2, 3), (2, 4), (2, 5), (2, 6), (2, 8),
        (3, 3), (3, 4), (4, 4), (4, 6),
    ];

    private static readonly (int Wide, int Long)[] _smooth = [(1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (2, 2), (2, 3), (2, 4)];
    private static readonly (int Wide, int Long)[] _sloped = [(2, 1), (2, 2), (2, 3), (2, 4), (3, 1), (3, 2), (3, 3), (3, 4)];

    /// <summary>The fifty types: 17 bricks, 17 plates, 8 tiles, 8 slopes.</summary>
    public static IReadOnlyList<BrickType> All { get; } =
    [
        .. _studded.Select(s => (BrickForm.Brick, s))
            .Concat(_studded.Select(s => (BrickForm.Plate, s)))
            .Concat(_smooth.Select(s => (BrickForm.Tile, s)))
            .Concat(_sloped.Select(s => (BrickForm.Slope, s)))
            .Select((t, label) => new BrickType(label, t.Item1, t.s.Wide, t.s.Long)),
    ];

    /// <summary>Its name: <c>brick 2x4</c>, <c>plate 1x2</c>, <c>tile 2x2</c>, <c>slope 3x1</c>.</summary>
    public string Name => $"{Form.ToString().ToLowerInvariant()} {StudsWide}x{StudsLong}";

    /// <summary>The height in plates: 1 for plates and tiles, 3 for bricks and slopes.</summary>
    public int Plates => Form is BrickForm.Brick or BrickForm.Slope ? 3 : 1;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
