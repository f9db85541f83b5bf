using System.Numerics;

namespace GanPipeline.Inference;

/// <summary>Where tiles lie along one axis of a picture, and what share each has in what is made.</summary>
internal sealed class TileAxis
{
    private readonly double _ramp;

    private TileAxis(int[] starts, int tile, int madeTile, int overlap)
    {
        (Starts, Tile, MadeTile) = (starts, tile, madeTile);
        // In pixels of what is made, as all that follows.
        _ramp = 0.5 * overlap * madeTile / tile;
    }

    /// <summary>The first pixel of each tile.</summary>
    public int[] Starts { get; }

    /// <summary>Pixels of a tile.</summary>
    public int Tile { get; }

    /// <summary>Pixels of a tile that is made.</summary>
    public int MadeTile { get; }

    /// <summary>Pixels of all that is made.</summary>
    public int Made => MadeStart(Starts.Length - 1) + MadeTile;

    /// <summary>Lays tiles out, as evenly as may be.</summary>
    /// <param name="length">The picture's pixels, at least a tile's.</param>
    /// <param name="tile">A tile's.</param>
    /// <param name="madeTile">Those of what a tile becomes.</param>
    /// <param name="overlap">The least overlap; null is a quarter of a tile.</param>
    /// <param name="multiple">What the network's sides are multiples of: tiles begin at such pixels, so that it sees them as it sees the
    /// whole.</param>
    /// <exception cref="ArgumentException">They cannot be laid out so.</exception>
    public static TileAxis Of(int length, int tile, int madeTile, int? overlap, int multiple)
    {
        if (length == tile) return new TileAxis([0], tile, madeTile, 0);
        var least = overlap ?? tile / 4;
        if (least < 0 || least > tile / 2)
            throw new ArgumentException($"Tiles of {tile} pixels overlap by 0 to {tile / 2} ({nameof(TranslateOptions)}." +
                $"{nameof(TranslateOptions.Overlap)}), and not by {least}.");
        var unit = Unit(tile, madeTile, multiple);
        if ((length - tile) % unit != 0)
            throw new ArgumentException($"Tiles of {tile} pixels that begin at multiples of {unit} do not end with a side of {length}.");
        int units = (length - tile) / unit, step = (tile - least) / unit;
        if (step == 0)
            throw new ArgumentException($"Tiles of {tile} pixels that overlap by {least} cannot begin at multiples of {unit}: take " +
                "larger tiles, or a smaller overlap.");
        var count = (units + step - 1) / step + 1;
        int[] starts = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * units / (count - 1)) * unit)];
        return new TileAxis(starts, tile, madeTile, least);
    }

    /// <summary>The least length, no less than a picture's, at which tiles end.</summary>
    public static int Ending(int length, int tile, int madeTile, int multiple)
    {
        var unit = Unit(tile, madeTile, multiple);
        return tile + (Math.Max(0, length - tile) + unit - 1) / unit * unit;
    }

    /// <summary>The first pixel of what a tile becomes.</summary>
    public int MadeStart(int index) => (int)((long)Starts[index] * MadeTile / Tile);

    /// <summary>The share of a tile in each pixel of what it becomes. Of all tiles together it is 1.</summary>
    public float[] Shares(int index)
    {
        var shares = new float[MadeTile];
        for (var i = 0; i < MadeTile; i++)
            shares[i] = Begun(index, MadeStart(index) + i) * (1 - Begun(index + 1, MadeStart(index) + i));
        return shares;
    }

    /// <summary>Tiles begin at multiples of it, where what is made of them begins at a whole pixel, too.</summary>
    private static int Unit(int tile, int madeTile, int multiple)
    {
        var whole = tile / (int)BigInteger.GreatestCommonDivisor(tile, madeTile);
        return multiple / (int)BigInteger.GreatestCommonDivisor(multiple, whole) * whole;
    }

    /// <summary>How far a tile has taken over from the one before: 0 to 1, linearly, in the middle half of their overlap.</summary>
    private float Begun(int index, int pixel)
    {
        if (index == 0) return 1;
        if (index == Starts.Length) return 0;
        var middle = 0.5 * (MadeStart(index) + MadeStart(index - 1) + MadeTile);
        var beyond = pixel + 0.5 - middle;
        return _ramp > 0 ? (float)Math.Clamp(beyond / _ramp + 0.5, 0, 1) : beyond > 0 ? 1 : 0;
    }
}
