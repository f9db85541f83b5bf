using System.Buffers.Binary;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Gif;

/// <summary>Reads GIF files, every frame as it is shown: drawn over what the frames before it left.</summary>
internal static class GifReader
{
    private const int RestoreToBackground = 2, RestoreToPrevious = 3;

    public static Image<TPixel> Read<TPixel>(ReadOnlySpan<byte> data, uint maximalFrames) where TPixel : unmanaged, IPixel<TPixel>
    {
        int width = BinaryPrimitives.ReadUInt16LittleEndian(data[6..]), height = BinaryPrimitives.ReadUInt16LittleEndian(data[8..]);
        var metadata = new ImageMetadata();
        Image<TPixel>? image = null;
        try
        {
            var flags = data[10];
            data = data[13..];
            var globalPalette = TakePalette(ref data, flags);
            var canvas = new Rgba32[width * height];
            var (delay, transparent, disposal) = (0, -1, 0);
            while (!data.IsEmpty && data[0] != 0x3b && (image?.Frames.Count ?? 0) < maximalFrames)
            {
                if (data[0] == 0x2c)
                {
                    var before = disposal == RestoreToPrevious ? (Rgba32[])canvas.Clone() : null;
                    var (left, top, right, bottom) = Draw(ref data, canvas, width, height, globalPalette, transparent);
                    Add(ref image, canvas, width, height, metadata, delay);
                    if (before is not null) canvas = before;
                    if (disposal == RestoreToBackground)
                        for (var y = top; y < bottom; y++) canvas.AsSpan(y * width + left, right - left).Clear();
                    (delay, transparent, disposal) = (0, -1, 0);
                }
                else if (data[0] == 0x21)
                {
                    if (data[1] == 0xf9)
                    {
                        disposal = data[3] >> 2 & 7;
                        transparent = (data[3] & 1) != 0 ? data[6] : -1;
                        delay = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
                    }
                    else if (data[1] == 0xff && data[3..].StartsWith("NETSCAPE2.0"u8))
                    {
                        var again = BinaryPrimitives.ReadUInt16LittleEndian(data[16..]);
                        metadata.GetGifMetadata().RepeatCount = (ushort)(again == 0 ? 0 : Math.Min(again + 1, ushort.MaxValue));
                    }
                    data = SkipBlocks(data[2..]);
                }
                else
                {
                    throw Damaged($"there is no block of type 0x{data[0]:X2}");
                }
            }
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw new InvalidImageContentException("The GIF picture is truncated.", e);
        }
        return image ?? throw Damaged("it holds no frame");
    }

    public static InvalidImageContentException Damaged(string what) => new($"The GIF picture is damaged: {what}.");

    public static ReadOnlySpan<byte> SkipBlocks(ReadOnlySpan<byte> data)
    {
        while (data[0] != 0) data = data[(data[0] + 1)..];
        return data[1..];
    }

    private static void Add<TPixel>(ref Image<TPixel>? image, Rgba32[] canvas, int width, int height, ImageMetadata metadata, int delay)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var pixels = Allocation.Pixels<TPixel>(width, height);
        PixelConversion.Convert<Rgba32, TPixel>(canvas, pixels);
        ImageFrame<TPixel> frame;
        if (image is null)
        {
            image = new Image<TPixel>(pixels, width, height, metadata);
            frame = image.Frames.RootFrame;
        }
        else
        {
            frame = image.Frames.Adopt(new ImageFrame<TPixel>(pixels, width, height, new ImageFrameMetadata()));
        }
        frame.Metadata.GetGifMetadata().FrameDelay = delay;
    }

    private static (int Left, int Top, int Right, int Bottom) Draw(
        ref ReadOnlySpan<byte> data, Rgba32[] canvas, int width, int height, Rgba32[] globalPalette, int transparent)
    {
        int left = BinaryPrimitives.ReadUInt16LittleEndian(data[1..]), top = BinaryPrimitives.ReadUInt16LittleEndian(data[3..]);
        int columns = BinaryPrimitives.ReadUInt16LittleEndian(data[5..]), rows = BinaryPrimitives.ReadUInt16LittleEndian(data[7..]);
        if (left + columns > width || top + rows > height || columns == 0 || rows == 0)
            throw Damaged($"its frame of {columns} x {rows} at ({left}, {top}) lies outside it");
        var flags = data[9];
        data = data[10..];
        var palette = (flags & 0x80) != 0 ? TakePalette(ref data, flags) : globalPalette;
        var indices = new byte[columns * rows];
        GifLzw.Decode(ref data, indices);

        var source = 0;
        foreach (var y in Rows(rows, interlaced: (flags & 0x40) != 0))
        {
            var row = canvas.AsSpan((top + y) * width + left, columns);
            for (var x = 0; x < row.Length; x++)
            {
                var index = indices[source++];
                if (index == transparent) continue;
                if (index >= palette.Length) throw Damaged($"it uses colour {index} of a palette of {palette.Length}");
                row[x] = palette[index];
            }
        }
        return (left, top, left + columns, top + rows);
    }

    private static IEnumerable<int> Rows(int height, bool interlaced)
    {
        ReadOnlyMemory<(int First, int Step)> passes = interlaced ? new[] { (0, 8), (4, 8), (2, 4), (1, 2) } : new[] { (0, 1) };
        for (var pass = 0; pass < passes.Length; pass++)
            for (var y = passes.Span[pass].First; y < height; y += passes.Span[pass].Step) yield return y;
    }

    private static Rgba32[] TakePalette(ref ReadOnlySpan<byte> data, byte flags)
    {
        if ((flags & 0x80) == 0) return [];
        var palette = new Rgba32[2 << (flags & 7)];
        for (var i = 0; i < palette.Length; i++) palette[i] = new Rgba32(data[3 * i], data[3 * i + 1], data[3 * i + 2]);
        data = data[(3 * palette.Length)..];
        return palette;
    }
}
