using System.Buffers;

namespace GanPipeline.Data;

/// <summary>Makes a square of decoded rows: blended with white, gray or in colour, resized, and turned upright at the end.</summary>
internal ref struct SquareRows : IDisposable
{
    private readonly int _width, _orientation, _side;
    private readonly byte[] _planes, _square;
    private readonly int _rowLength, _squareLength;
    private ResizedRows _rows;

    /// <param name="shape">The square's shape.</param>
    /// <param name="resizer">Makes the square.</param>
    /// <param name="width">The picture's sides, as it is stored.</param>
    /// <param name="height">The picture's sides, as it is stored.</param>
    /// <param name="orientation">One of Exif's eight.</param>
    public SquareRows(ImageShape shape, Resizer resizer, int width, int height, int orientation)
    {
        (_width, _orientation, _side) = (width, orientation, shape.Width);
        (_rowLength, _squareLength) = (width * shape.Channels, shape.Size);
        _planes = ArrayPool<byte>.Shared.Rent(_rowLength);
        _square = ArrayPool<byte>.Shared.Rent(_squareLength);
        _rows = resizer.Begin(width, height, orientation, _square.AsSpan(0, _squareLength));
    }

    /// <summary>Takes the next row, of 4 bytes a pixel: red, green, blue and opacity.</summary>
    public void Add(ReadOnlySpan<byte> rgba)
    {
        var planes = _planes.AsSpan(0, _rowLength);
        Planes.FromRgba(rgba, planes, _width);
        _rows.Add(planes);
    }

    /// <summary>Writes the picture, after the last row.</summary>
    public readonly void Finish(Span<byte> pixels)
    {
        var square = _square.AsSpan(0, _squareLength);
        if (_orientation == 1) square.CopyTo(pixels);
        else Planes.Upright(square, _side, _side, _orientation, pixels);
    }

    public void Dispose()
    {
        if (_planes is null) return; // the other half of no pair
        _rows.Dispose();
        ArrayPool<byte>.Shared.Return(_planes);
        ArrayPool<byte>.Shared.Return(_square);
    }
}
