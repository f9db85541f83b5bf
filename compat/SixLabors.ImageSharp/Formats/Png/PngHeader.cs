using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>A PNG's IHDR chunk (ISO/IEC 15948, 11.2.2).</summary>
internal readonly record struct PngHeader(int Width, int Height, int BitDepth, int ColorType, bool Interlaced)
{
    public const int Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, Rgba = 6;

    public int Channels => ColorType switch { Rgb => 3, GrayAlpha => 2, Rgba => 4, _ => 1 };

    /// <summary>The distance of the bytes that filters compare: that of pixels, and 1 where pixels are smaller than bytes.</summary>
    public int FilterDistance => Math.Max(1, Channels * BitDepth / 8);

    public int RowBytes(int width) => checked((int)(((long)width * Channels * BitDepth + 7) / 8));

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13) throw new InvalidImageContentException($"The PNG picture's IHDR chunk has {data.Length} bytes instead of 13.");
        var header = new PngHeader(
            BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]), data[8], data[9], data[12] == 1);
        var depths = header.ColorType switch
        {
            Gray => [1, 2, 4, 8, 16],
            Palette => [1, 2, 4, 8],
            Rgb or GrayAlpha or Rgba => [8, 16],
            _ => Array.Empty<int>(),
        };
        if (!depths.Contains(header.BitDepth) || data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new InvalidImageContentException(
                $"The PNG picture's header is not valid: colour type {data[9]}, bit depth {data[8]}, compression {data[10]}, filter {data[11]}, interlace {data[12]}.");
        return header;
    }
}
