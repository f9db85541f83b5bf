using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>A PNG's samples as pixels: any colour type and depth, palette and transparent colour.</summary>
internal sealed class PngSamples(PngHeader header)
{
    private readonly Rgba32[] palette = new Rgba32[256];
    private int paletteSize;
    private (int R, int G, int B)? transparent;

    public void SetPalette(ReadOnlySpan<byte> content)
    {
        if (content.Length % 3 != 0 || content.Length > 768)
            throw new InvalidImageContentException($"The PNG picture's palette has {content.Length} bytes.");
        paletteSize = content.Length / 3;
        for (var i = 0; i < paletteSize; i++) palette[i] = new Rgba32(content[3 * i], content[3 * i + 1], content[3 * i + 2]);
    }

    public void SetTransparency(ReadOnlySpan<byte> content)
    {
        switch (header.ColorType)
        {
            case PngHeader.Palette:
                for (var i = 0; i < Math.Min(content.Length, paletteSize); i++) palette[i].A = content[i];
                break;
            case PngHeader.Gray when content.Length >= 2:
                var gray = BinaryPrimitives.ReadUInt16BigEndian(content);
                transparent = (gray, gray, gray);
                break;
            case PngHeader.Rgb when content.Length >= 6:
                transparent = (BinaryPrimitives.ReadUInt16BigEndian(content), BinaryPrimitives.ReadUInt16BigEndian(content[2..]),
                    BinaryPrimitives.ReadUInt16BigEndian(content[4..]));
                break;
        }
    }

    public void ToPixels<TPixel>(ReadOnlySpan<byte> row, Span<TPixel> pixels) where TPixel : unmanaged, IPixel<TPixel>
    {
        if (header.ColorType == PngHeader.Palette && paletteSize == 0)
            throw new InvalidImageContentException("The PNG picture is damaged: it has no palette.");
        if (header.BitDepth != 8 || transparent is not null || header.ColorType == PngHeader.GrayAlpha) Any(row, pixels);
        else if (header.ColorType == PngHeader.Gray) PixelConversion.Convert(MemoryMarshal.Cast<byte, L8>(row), pixels);
        else if (header.ColorType == PngHeader.Rgb) PixelConversion.Convert(MemoryMarshal.Cast<byte, Rgb24>(row), pixels);
        else if (header.ColorType == PngHeader.Rgba) PixelConversion.Convert(MemoryMarshal.Cast<byte, Rgba32>(row), pixels);
        else for (var x = 0; x < pixels.Length; x++) pixels[x].FromRgba32(Entry(row[x]));
    }

    private void Any<TPixel>(ReadOnlySpan<byte> row, Span<TPixel> pixels) where TPixel : unmanaged, IPixel<TPixel>
    {
        var channels = header.Channels;
        for (var x = 0; x < pixels.Length; x++)
        {
            var first = Sample(row, x * channels);
            if (header.ColorType == PngHeader.Palette)
            {
                pixels[x].FromRgba32(Entry(first));
                continue;
            }
            var (g, b) = channels >= 3 ? (Sample(row, x * channels + 1), Sample(row, x * channels + 2)) : (first, first);
            var alpha = channels is 2 or 4 ? To8Bits(Sample(row, x * channels + channels - 1))
                : transparent == (first, g, b) ? (byte)0 : byte.MaxValue;
            pixels[x].FromRgba32(new Rgba32(To8Bits(first), To8Bits(g), To8Bits(b), alpha));
        }
    }

    private Rgba32 Entry(int index) => index < paletteSize
        ? palette[index]
        : throw new InvalidImageContentException($"The PNG picture is damaged: it uses colour {index} of a palette of {paletteSize}.");

    private int Sample(ReadOnlySpan<byte> row, int index)
    {
        if (header.BitDepth == 8) return row[index];
        if (header.BitDepth == 16) return row[2 * index] << 8 | row[2 * index + 1];
        var bit = index * header.BitDepth;
        return row[bit >> 3] >> 8 - header.BitDepth - (bit & 7) & (1 << header.BitDepth) - 1;
    }

    private byte To8Bits(int sample) => header.BitDepth == 16 ? (byte)((sample * 255 + 32895) >> 16) : (byte)(sample * 255 / ((1 << header.BitDepth) - 1));
}
