using System.IO.Compression;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Reads PNG files exactly, alpha included, of which libgd keeps 7 bits.</summary>
internal static class PngReader
{
    // A deflate stream cannot be more than this much smaller than what it holds.
    private const long MaximalCompression = 1032;

    // First column and row of each pass of Adam7, and the steps between its columns and rows.
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static Image<TPixel> Read<TPixel>(ReadOnlySpan<byte> data) where TPixel : unmanaged, IPixel<TPixel>
    {
        using var compressed = new MemoryStream();
        var (header, samples) = ReadChunks(data, compressed);
        var passes = header.Interlaced ? Adam7 : [(0, 0, 1, 1)];

        var size = passes.Sum(p => (long)Count(header.Height, p.Y, p.StepY) * (1 + header.RowBytes(Count(header.Width, p.X, p.StepX))));
        if (size > (compressed.Length + 1) * MaximalCompression)
            throw new InvalidImageContentException(
                $"The PNG picture is truncated: {compressed.Length} bytes cannot hold {header.Width} x {header.Height} pixels.");

        var pixels = Allocation.Pixels<TPixel>(header.Width, header.Height);
        compressed.Position = 0;
        try
        {
            using var rows = new BufferedStream(new ZLibStream(compressed, CompressionMode.Decompress), 16 * 1024);
            foreach (var pass in passes) ReadPass(rows, header, samples, pass, pixels);
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidImageContentException("The PNG picture is truncated: it holds fewer rows than its header says.", e);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidImageContentException($"The PNG picture is damaged: {e.Message}", e);
        }
        return new Image<TPixel>(pixels, header.Width, header.Height, new ImageMetadata());
    }

    private static (PngHeader Header, PngSamples Samples) ReadChunks(ReadOnlySpan<byte> data, MemoryStream compressed)
    {
        data = data[PngChunks.Signature.Length..];
        PngChunks.Take(ref data, out var content);
        var header = PngHeader.Parse(content);
        var samples = new PngSamples(header);
        while (true)
        {
            switch (PngChunks.Take(ref data, out content))
            {
                case "PLTE": samples.SetPalette(content); break;
                case "tRNS": samples.SetTransparency(content); break;
                case "IDAT": compressed.Write(content); break;
                case "IEND": return (header, samples);
            }
        }
    }

    private static void ReadPass<TPixel>(
        Stream rows, PngHeader header, PngSamples samples, (int X, int Y, int StepX, int StepY) pass, Span<TPixel> pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var width = Count(header.Width, pass.X, pass.StepX);
        if (width == 0) return;
        var length = header.RowBytes(width);
        var (row, above) = (new byte[length], new byte[length]);
        var scattered = pass.StepX == 1 ? [] : new TPixel[width];
        for (var y = pass.Y; y < header.Height; y += pass.StepY)
        {
            var filter = rows.ReadByte();
            if (filter < 0) throw new EndOfStreamException();
            rows.ReadExactly(row);
            PngFilters.Undo(filter, row, above, header.FilterDistance);
            var target = pixels.Slice(y * header.Width, header.Width);
            if (pass.StepX == 1)
            {
                samples.ToPixels(row, target);
            }
            else
            {
                samples.ToPixels(row, scattered.AsSpan());
                for (var x = 0; x < width; x++) target[pass.X + x * pass.StepX] = scattered[x];
            }
            (row, above) = (above, row);
        }
    }

    private static int Count(int length, int first, int step) => length <= first ? 0 : (length - first + step - 1) / step;
}
