namespace GanPipeline.Data.Tests;

/// <summary>Pictures whose pixels are their index; some may be unusable or worse.</summary>
internal sealed class FakeSource(int count, Func<int, bool>? usable = null, Action<int>? onRead = null) : IImageSource
{
    private int _reads;

    public int Reads => _reads;
    public string Name => "fake";
    public int Count => count;
    public ImageShape Shape => new(1, 2, 4);
    public IReadOnlyList<string> Classes => [.. Enumerable.Range(0, count).Select(i => $"class {i}")];
    public string Fingerprint => "";
    public int Skipped => 0;
    public IReadOnlyList<SkippedImage> SkippedImages => [];
    public int Label(int index) => index;
    public void Dispose() { }

    public bool TryRead(int index, Span<byte> pixels)
    {
        Interlocked.Increment(ref _reads);
        onRead?.Invoke(index);
        for (var i = 0; i < pixels.Length; i++) pixels[i] = (byte)(index + i);
        return usable?.Invoke(index) ?? true;
    }
}
