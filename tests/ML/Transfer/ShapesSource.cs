using GanPipeline.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Small gray pictures of classes that are told apart by where the light is, with noise; some may be unusable.</summary>
internal sealed class ShapesSource(int count, int classes = 3, int side = 6, int seed = 0, double noise = 60,
    Func<int, bool>? usable = null) : IImageSource
{
    public string Name => "shapes";
    public int Count => count;
    public ImageShape Shape => new(1, side, side);
    public IReadOnlyList<string> Classes { get; init; } = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")];
    public string Fingerprint => FormattableString.Invariant($"{count} {classes} {side} {seed} {noise}");
    public int Skipped => 0;
    public IReadOnlyList<SkippedImage> SkippedImages => [];
    public Func<int, int>? Labels { get; init; }
    public int Reads { get; private set; }
    public void Dispose() { }

    public int Label(int index) => Labels?.Invoke(index) ?? index % classes;

    public bool TryRead(int index, Span<byte> pixels)
    {
        lock (this) Reads++;
        var random = new Random(seed * 10_007 + index);
        for (var i = 0; i < pixels.Length; i++)
        {
            var light = 100 + (i % classes == index % classes ? 50 : 0);
            pixels[i] = (byte)Math.Clamp(light + noise * (2 * random.NextDouble() - 1), 0, 255);
        }
        return usable?.Invoke(index) ?? true;
    }
}
