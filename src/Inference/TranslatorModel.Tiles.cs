namespace GanPipeline.Inference;

// Pictures of other sizes than the model's.
public sealed partial class TranslatorModel
{
    /// <summary>Translates images [N, C, H, W] of which some are continued, or cut into tiles, first.</summary>
    /// <param name="images">In [-1, 1].</param>
    /// <param name="options">What is done to images of sizes that the model does not take, or that need too much memory.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>
    /// [N, C', H', W'], as large by the images as the model's translations are by what it takes: of a model that keeps the size, H and W.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// Images of another number of channels, or of sizes that the model does not take, or tiles that it does not.
    /// </exception>
    /// <exception cref="ModelException">As <see cref="Translate(ImageTensor, CancellationToken)"/>.</exception>
    public ImageTensor Translate(ImageTensor images, TranslateOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(options);
        if (options.TileSide is { } tile) ArgumentOutOfRangeException.ThrowIfLessThan(tile, 1, nameof(options.TileSide));
        RequireChannels(images);
        return options.TileSide is { } side ? InTiles(images, TileOf(side, images.Height, images.Width), options, cancellationToken)
            : options.Pad ? Continued(images, cancellationToken)
            : Translate(images, cancellationToken);
    }

    /// <summary>Why images of a size cannot be translated so; null where they can.</summary>
    internal string? Problem(int height, int width, TranslateOptions options)
    {
        try
        {
            if (options.TileSide is { } side) Layout(TileOf(side, height, width), options, ref height, ref width);
            else if (options.Pad) (height, width) = Above(height, width);
            else RequireSize(height, width);
            if (options.TileSide is null) Sized(height, width);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message.Split(" (Parameter")[0];
        }
    }

    private ImageTensor Continued(ImageTensor images, CancellationToken cancellationToken)
    {
        var (height, width) = Above(images.Height, images.Width);
        var made = Translate(Reflection.Continue(images, height, width), cancellationToken);
        return Cut(made, images, height, width);
    }

    private ImageTensor InTiles(ImageTensor images, (int Height, int Width) tile, TranslateOptions options,
        CancellationToken cancellationToken)
    {
        var (height, width) = (images.Height, images.Width);
        var (sized, rows, columns) = Layout(tile, options, ref height, ref width);
        return Cut(InTiles(Reflection.Continue(images, height, width), sized, rows, columns, cancellationToken), images, height, width);
    }

    /// <summary>Where the tiles of an image lie, whose sides become those that it is continued to.</summary>
    private (SizedImages Tile, TileAxis Rows, TileAxis Columns) Layout((int Height, int Width) tile, TranslateOptions options,
        ref int height, ref int width)
    {
        if (!options.Pad && (height < tile.Height || width < tile.Width)) RequireSize(height, width);
        var sized = Sized(tile.Height, tile.Width);
        if (options.Pad)
        {
            height = TileAxis.Ending(height, tile.Height, sized.Translation[1], SideMultiple);
            width = TileAxis.Ending(width, tile.Width, sized.Translation[2], SideMultiple);
        }
        return (sized, TileAxis.Of(height, tile.Height, sized.Translation[1], options.Overlap, SideMultiple),
            TileAxis.Of(width, tile.Width, sized.Translation[2], options.Overlap, SideMultiple));
    }

    private ImageTensor InTiles(ImageTensor images, SizedImages sized, TileAxis rows, TileAxis columns, CancellationToken cancellationToken)
    {
        var made = new ImageTensor(images.Count, OutputChannels, rows.Made, columns.Made);
        (int Row, int Column)[] tiles = [.. Enumerable.Range(0, rows.Starts.Length).SelectMany(row =>
            Enumerable.Range(0, columns.Starts.Length).Select(column => (row, column)))];
        var batch = Math.Min(sized.BatchSize, tiles.Length);
        var taken = new ImageTensor(batch, Channels, rows.Tile, columns.Tile);
        var given = new ImageTensor(batch, OutputChannels, rows.MadeTile, columns.MadeTile);
        for (var image = 0; image < images.Count; image++)
        {
            for (var first = 0; first < tiles.Length; first += batch)
            {
                var now = tiles[first..Math.Min(first + batch, tiles.Length)];
                for (var i = 0; i < now.Length; i++)
                    Take(images.Image(image), images.Width, rows.Starts[now[i].Row], columns.Starts[now[i].Column], taken, i);
                Run(sized, taken.Values.AsSpan(0, now.Length * taken.ImageSize), given.Values.AsSpan(0, now.Length * given.ImageSize),
                    now.Length, cancellationToken);
                for (var i = 0; i < now.Length; i++)
                {
                    Add(given, i, rows.Shares(now[i].Row), columns.Shares(now[i].Column), made.Image(image), made.Width,
                        rows.MadeStart(now[i].Row), columns.MadeStart(now[i].Column));
                }
            }
        }
        return made;
    }

    /// <summary>The size of the tiles of an image.</summary>
    private (int Height, int Width) TileOf(int side, int height, int width)
    {
        if (_free is null)
        {
            return side == Math.Max(Height, Width) ? (Height, Width) : throw new ArgumentException(
                $"'{_model.Path}' takes images of {Height} x {Width} alone, and no tiles of {side}.");
        }
        // A side that is smaller is one tile, continued to what the model takes.
        return _free.Above(Math.Min(side, height), Math.Min(side, width));
    }

    /// <summary>The least size that the model takes and that an image can be continued to.</summary>
    private (int Height, int Width) Above(int height, int width)
    {
        var (above, across) = _free?.Above(height, width) ?? (Height, Width);
        if (above < height || across < width) RequireSize(height, width);
        return (above, across);
    }

    /// <summary>What was made of images, without what was made of their continuation.</summary>
    private static ImageTensor Cut(ImageTensor made, ImageTensor images, int height, int width)
    {
        return Reflection.Cut(made, Scaled(images.Height, height, made.Height), Scaled(images.Width, width, made.Width));

        static int Scaled(int own, int continued, int made) => (int)Math.Round((double)own * made / continued);
    }

    private static void Take(ReadOnlySpan<float> image, int width, int top, int left, ImageTensor tiles, int index)
    {
        var area = image.Length / tiles.Channels;
        var tile = tiles.Image(index);
        for (var c = 0; c < tiles.Channels; c++)
        {
            for (var y = 0; y < tiles.Height; y++)
                image.Slice(c * area + (top + y) * width + left, tiles.Width).CopyTo(tile[((c * tiles.Height + y) * tiles.Width)..]);
        }
    }

    private static void Add(ImageTensor tiles, int index, float[] rowShares, float[] columnShares, Span<float> image, int width, int top,
        int left)
    {
        var area = image.Length / tiles.Channels;
        var tile = tiles.Image(index);
        for (var c = 0; c < tiles.Channels; c++)
        {
            for (var y = 0; y < tiles.Height; y++)
            {
                if (rowShares[y] == 0) continue;
                var from = tile.Slice((c * tiles.Height + y) * tiles.Width, tiles.Width);
                var to = image.Slice(c * area + (top + y) * width + left, tiles.Width);
                for (var x = 0; x < to.Length; x++) to[x] += rowShares[y] * columnShares[x] * from[x];
            }
        }
    }
}
