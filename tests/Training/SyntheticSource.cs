using GanPipeline.Data;

namespace GanPipeline.Training.Tests;

/// <summary>Images made by arithmetic: a bright square whose place is the label, on noise.</summary>
internal sealed class SyntheticSource(ImageShape shape, int count = 256, int classes = 4) : IImageSource
{
    public string Name => "synthetic";

    public int Count => count;

    public ImageShape Shape => shape;

    public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, classes).Select(i => $"place {i}")];

    public string Fingerprint => $"synthetic {shape} {count} {classes}";

    public int Skipped => 0;

    public IReadOnlyList<SkippedImage> SkippedImages => [];

    public int Label(int index) => index % classes;

    public bool TryRead(int index, Span<byte> pixels)
    {
        var random = new Random(index);
        var side = shape.Width / classes;
        var left = Label(index) * side;
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(random.Next(60) + (i % shape.Width >= left && i % shape.Width < left + side ? 180 : 0));
        return true;
    }

    public void Dispose() { }
}
