using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Gif;

/// <summary>Writes GIF files (GIF89a), animated where the picture has frames. Every frame has the palette that suits it.</summary>
public sealed class GifEncoder : ImageEncoder
{
    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        if (image.Width > ushort.MaxValue || image.Height > ushort.MaxValue)
            throw new ImageFormatException($"A GIF has sides up to {ushort.MaxValue}, not {image.Width} x {image.Height}.");
        stream.Write("GIF89a"u8);
        Span<byte> screen = stackalloc byte[7];
        BinaryPrimitives.WriteUInt16LittleEndian(screen, (ushort)image.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(screen[2..], (ushort)image.Height);
        screen[4..].Clear(); // no global palette
        stream.Write(screen);

        var repeats = image.Metadata.GetGifMetadata().RepeatCount;
        if (image.Frames.Count > 1 && repeats != 1) WriteRepeats(stream, repeats);
        var indices = new byte[image.Width * image.Height];
        foreach (var frame in image.Frames)
        {
            cancellationToken.ThrowIfCancellationRequested();
            WriteFrame(stream, frame, indices);
        }
        stream.WriteByte(0x3b);
    }

    /// <summary>The application extension that browsers take: how often to begin again, 0 for ever.</summary>
    private static void WriteRepeats(Stream stream, int repeats)
    {
        stream.Write([0x21, 0xff, 11]);
        stream.Write("NETSCAPE2.0"u8);
        var again = Math.Max(repeats - 1, 0);
        stream.Write([3, 1, (byte)again, (byte)(again >> 8), 0]);
    }

    private static void WriteFrame<TPixel>(Stream stream, ImageFrame<TPixel> frame, byte[] indices) where TPixel : unmanaged, IPixel<TPixel>
    {
        var palette = Palettes.Index(frame, indices);
        var bits = 1;
        while (1 << bits < palette.Length) bits++;

        var delay = Math.Clamp(frame.Metadata.GetGifMetadata().FrameDelay, 0, ushort.MaxValue);
        stream.Write([0x21, 0xf9, 4, 0, (byte)delay, (byte)(delay >> 8), 0, 0]);

        Span<byte> descriptor = stackalloc byte[10];
        descriptor.Clear();
        descriptor[0] = 0x2c;
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[5..], (ushort)frame.Width);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[7..], (ushort)frame.Height);
        descriptor[9] = (byte)(0x80 | bits - 1);
        stream.Write(descriptor);

        Span<byte> table = stackalloc byte[3 << bits];
        table.Clear();
        for (var i = 0; i < palette.Length; i++)
        {
            table[3 * i] = palette[i].R;
            table[3 * i + 1] = palette[i].G;
            table[3 * i + 2] = palette[i].B;
        }
        stream.Write(table);
        GifLzw.Encode(stream, indices, Math.Max(bits, 2));
    }
}
