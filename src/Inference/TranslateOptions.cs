namespace GanPipeline.Inference;

/// <summary>How pictures of other sizes than the model's, or too large for the memory, are translated.</summary>
public sealed record TranslateOptions
{
    /// <summary>
    /// The side in pixels of the tiles that a picture is cut into, rounded up to one that the model takes; a picture with a smaller side
    /// has tiles as high or wide as itself. Of a model of one size it is that size, and a smaller picture is an error. Null, the default,
    /// translates pictures whole.
    /// </summary>
    /// <remarks>
    /// Memory is that of a batch of tiles. A network that normalises by an image's own statistics, as instance normalisation does, sees
    /// those of a tile: colours may drift from tile to tile.
    /// </remarks>
    public int? TileSide { get; init; }

    /// <summary>
    /// Pixels of a picture in which neighbouring tiles overlap, at least, from 0 to half of a tile's side; null, the default, is a quarter
    /// of it. In the middle half of an overlap one tile passes into the other linearly; the outer quarters, where a tile knows less of what
    /// is around, are taken from the other tile. So where a pixel depends on those within a quarter of the overlap alone, the translation
    /// in tiles is that of the whole picture, but for rounding.
    /// </summary>
    public int? Overlap { get; init; }

    /// <summary>
    /// Whether pictures whose sides the model does not take are continued at the right and at the bottom, by reflection, and the
    /// translation is cut to their size. Without, the default, they are an error.
    /// </summary>
    public bool Pad { get; init; }
}
