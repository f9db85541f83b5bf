namespace GanPipeline.Data;

/// <summary>Makes a picture of the data set's shape of decoded rows: a square, or of a pair beside each other two squares.</summary>
internal ref struct DecodedRows : IDisposable
{
    private readonly PairForm? _pair;
    private readonly int _width, _half, _sideArea;
    private readonly bool _rowsAreColumns, _isMirrored;
    private SquareRows _first, _second;
    private int _y;

    /// <param name="shape">The data set's shape.</param>
    /// <param name="pair">Of two pictures beside each other, what they are; the width that is seen is then even.</param>
    /// <param name="resizer">Makes the squares.</param>
    /// <param name="width">The picture's sides, as it is stored.</param>
    /// <param name="height">The picture's sides, as it is stored.</param>
    /// <param name="orientation">One of Exif's eight.</param>
    public DecodedRows(ImageShape shape, PairForm? pair, Resizer resizer, int width, int height, int orientation)
    {
        (_pair, _width, _sideArea) = (pair, width, shape.Width * shape.Width);
        if (pair is null)
        {
            _first = new SquareRows(shape, resizer, width, height, orientation);
            return;
        }
        // Beside each other as they are seen, stored one below the other where rows are columns, and exchanged where mirrored.
        _rowsAreColumns = orientation >= 5;
        var (fromRight, fromBottom) = Planes.Mirrors(orientation);
        _isMirrored = _rowsAreColumns ? fromBottom : fromRight;
        _half = (_rowsAreColumns ? height : width) / 2;
        if (_rowsAreColumns) height = _half;
        else width = _half;
        var (a, b) = (shape with { Channels = pair.A }, shape with { Channels = pair.B });
        _first = new SquareRows(_isMirrored ? b : a, resizer, width, height, orientation);
        _second = new SquareRows(_isMirrored ? a : b, resizer, width, height, orientation);
    }

    /// <summary>Takes the next rows, of 4 bytes a pixel: red, green, blue and opacity.</summary>
    public void Add(ReadOnlySpan<byte> rgba)
    {
        for (; rgba.Length > 0; rgba = rgba[(4 * _width)..], _y++)
        {
            var row = rgba[..(4 * _width)];
            if (_pair is null || (_rowsAreColumns && _y < _half))
            {
                _first.Add(row);
            }
            else if (_rowsAreColumns)
            {
                _second.Add(row);
            }
            else
            {
                _first.Add(row[..(4 * _half)]);
                _second.Add(row[(4 * _half)..]);
            }
        }
    }

    /// <summary>Writes the picture, after the last row.</summary>
    public readonly void Finish(Span<byte> pixels)
    {
        if (_pair is null)
        {
            _first.Finish(pixels);
            return;
        }
        // Side A is what is stored second where it is mirrored, and is written second where B is the input.
        var isFirstInput = _isMirrored == _pair.IsTurned;
        var input = pixels[..(_pair.InputChannels * _sideArea)];
        var target = pixels[input.Length..];
        _first.Finish(isFirstInput ? input : target);
        _second.Finish(isFirstInput ? target : input);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }
}
