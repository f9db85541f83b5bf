namespace GanPipeline.Data;

/// <summary>Reads many pictures of a data set at once.</summary>
public static class ImageSourceReading
{
    /// <summary>Reads pictures on all processors, as float32 in [-1, 1]. Those that cannot be used are left out.</summary>
    /// <param name="source">The pictures.</param>
    /// <param name="indices">Which, by index.</param>
    /// <param name="pixels">
    /// Receives the pictures that could be read, [N, C, H, W], one behind the other; has room for all. What is behind them is of no use.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The indices of the pictures that could be read, in the order given.</returns>
    /// <exception cref="ArgumentException">There is no room for all pictures.</exception>
    public static int[] ReadUsable(
        this IImageSource source, IReadOnlyList<int> indices, float[] pixels, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentNullException.ThrowIfNull(pixels);
        var size = source.Shape.Size;
        if (pixels.Length < (long)indices.Count * size)
            throw new ArgumentException($"{indices.Count} pictures of {size} values do not fit into {pixels.Length}.", nameof(pixels));
        var usable = new bool[indices.Count];
        Parallel.For(0, indices.Count, new ParallelOptions { CancellationToken = cancellationToken }, () => new byte[size], (i, _, bytes) =>
        {
            usable[i] = source.TryRead(indices[i], bytes);
            if (usable[i]) PixelValues.ToFloats(bytes, pixels.AsSpan(i * size, size));
            return bytes;
        }, _ => { });
        var good = Enumerable.Range(0, indices.Count).Where(i => usable[i]).ToArray();
        for (var i = 0; i < good.Length; i++)
            if (i < good[i]) pixels.AsSpan(good[i] * size, size).CopyTo(pixels.AsSpan(i * size));
        return [.. good.Select(i => indices[i])];
    }
}
