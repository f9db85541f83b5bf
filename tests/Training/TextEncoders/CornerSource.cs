using GanPipeline.Data;

namespace GanPipeline.Training.Tests;

/// <summary>A bright square in one of four corners, with two captions that say where.</summary>
internal sealed class CornerSource(int count, int first = 0) : IImageSource
{
    public string Name => "corners";
    public int Count => count;
    public ImageShape Shape => new(1, 16, 16);
    public IReadOnlyList<string> Classes => ["top", "bottom"];
    public string Fingerprint => $"corners {first} {count}";
    public int Skipped => 0;
    public IReadOnlyList<SkippedImage> SkippedImages => [];
    public bool HasCaptions => true;
    public int Corner(int index) => new Random(first + index).Next(4);
    public int CaptionGroup(int index) => Corner(index);
    public int Label(int index) => Corner(index) / 2;

    public IReadOnlyList<string> Captions(int index)
    {
        var corner = Corner(index);
        var (row, column) = (corner >= 2 ? "bottom" : "top", corner % 2 == 1 ? "right" : "left");
        return [$"a dot at the {row} on the {column}", $"At the {row}, to the {column}: a dot"];
    }

    public bool TryRead(int index, Span<byte> pixels)
    {
        var random = new Random(first + index);
        var corner = random.Next(4);
        for (var i = 0; i < pixels.Length; i++)
        {
            var inside = (i % 16 >= 8) == (corner % 2 == 1) && (i / 16 >= 8) == (corner >= 2);
            pixels[i] = (byte)(random.Next(40) + (inside ? 180 : 20));
        }
        return true;
    }

    public void Dispose() { }
}
