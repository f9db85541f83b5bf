namespace GanPipeline.Cli;

/// <summary>Bytes to the networks' [-1, 1].</summary>
internal static class PixelScale
{
    private static readonly float[] Table = [.. Enumerable.Range(0, 256).Select(v => v / 127.5f - 1)];

    public static void ToFloats(ReadOnlySpan<byte> pixels, Span<float> values)
    {
        for (var i = 0; i < pixels.Length; i++) values[i] = Table[pixels[i]];
    }
}
