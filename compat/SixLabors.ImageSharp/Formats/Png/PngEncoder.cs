using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Writes PNG files of the picture's own pixel type: 8 bits of gray, RGB or RGBA.</summary>
public class PngEncoder : ImageEncoder
{
    protected override void Encode<TPixel>(Image<TPixel> image, Stream stream, CancellationToken cancellationToken)
    {
        stream.Write(PngChunks.Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        header[8] = 8;
        header[9] = (byte)(typeof(TPixel) == typeof(L8) ? PngHeader.Gray : typeof(TPixel) == typeof(Rgb24) ? PngHeader.Rgb : PngHeader.Rgba);
        header[10..].Clear();
        PngChunks.Write(stream, "IHDR", header);

        using var compressed = new MemoryStream();
        using (var rows = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) WriteRows(image.Frames.RootFrame, rows);
        PngChunks.Write(stream, "IDAT", compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        PngChunks.Write(stream, "IEND", []);
    }

    private static void WriteRows<TPixel>(ImageFrame<TPixel> frame, Stream rows) where TPixel : unmanaged, IPixel<TPixel>
    {
        var distance = Unsafe.SizeOf<TPixel>();
        var length = frame.Width * distance;
        var filtered = new byte[length + 1];
        var trial = new byte[length];
        ReadOnlySpan<byte> above = new byte[length];
        for (var y = 0; y < frame.Height; y++)
        {
            var row = MemoryMarshal.AsBytes(frame.Row(y));
            filtered[0] = (byte)PngFilters.Apply(row, above, distance, filtered.AsSpan(1), trial);
            rows.Write(filtered);
            above = row;
        }
    }
}
