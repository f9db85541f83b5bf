namespace GanPipeline.Data;

/// <summary>Keeps each picture of a source in memory once it has been read.</summary>
internal sealed class PixelCache(IImageSource source) : IImageSource
{
    private const byte Unread = 0, Usable = 1, Unusable = 2;

    private readonly byte[]?[] _pictures = new byte[source.Count][];
    private readonly byte[] _states = new byte[source.Count];

    public string Name => source.Name;
    public int Count => source.Count;
    public ImageShape Shape => source.Shape;
    public int ConditionChannels => source.ConditionChannels;
    public PoseLayout? Pose => source.Pose;
    public bool IsPaired => source.IsPaired;
    public IReadOnlyList<string> Classes => source.Classes;
    public string Fingerprint => source.Fingerprint;
    public int Skipped => source.Skipped;
    public IReadOnlyList<SkippedImage> SkippedImages => source.SkippedImages;
    public IReadOnlyList<SkippedImage> LeftOutFiles => source.LeftOutFiles;
    public int Label(int index) => source.Label(index);
    public IReadOnlyList<LabelField> Attributes => source.Attributes;
    public void ReadAttributes(int index, Span<float> values) => source.ReadAttributes(index, values);

    public bool HasCaptions => source.HasCaptions;
    public IReadOnlyList<string> Captions(int index) => source.Captions(index);
    public int CaptionGroup(int index) => source.CaptionGroup(index);
    public bool IsHeldOutCombination(int index) => source.IsHeldOutCombination(index);

    public bool TryRead(int index, Span<byte> pixels)
    {
        // Two threads may read the same picture at once; both store the same bytes, and the state is published after them.
        switch (Volatile.Read(ref _states[index]))
        {
            case Usable:
                _pictures[index].CopyTo(pixels);
                return true;
            case Unusable:
                return false;
        }
        var usable = source.TryRead(index, pixels);
        if (usable) _pictures[index] = pixels.ToArray();
        Volatile.Write(ref _states[index], usable ? Usable : Unusable);
        return usable;
    }

    /// <summary>Leaves the source open: its creator disposes it.</summary>
    public void Dispose() { }
}
