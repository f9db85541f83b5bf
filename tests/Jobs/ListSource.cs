using GanPipeline.Data;

namespace GanPipeline.Jobs.Tests;

/// <summary>Pictures of noise [3, 4, 8], of which some cannot be read.</summary>
/// <param name="count">How many.</param>
/// <param name="broken">Indices of those that cannot be read.</param>
/// <param name="attributes">What is known of each; values count up.</param>
/// <param name="hasFiles">Whether they are files.</param>
internal sealed class ListSource(int count, int[]? broken = null, IReadOnlyList<LabelField>? attributes = null, bool hasFiles = false)
    : IImageSource
{
    public string Name => "noise";

    public int Count => count;

    public ImageShape Shape => new(3, 4, 8);

    public IReadOnlyList<string> Classes => Attributes is [{ Kind: LabelKind.Categorical } only] ? only.Values : [];

    public IReadOnlyList<LabelField> Attributes => attributes ?? [];

    public string Fingerprint { get; init; } = "f";

    public int Skipped => 0;

    public IReadOnlyList<SkippedImage> SkippedImages => [];

    /// <summary>The last picture has none.</summary>
    public int Label(int index) => Classes.Count == 0 || index == count - 1 ? -1 : index % Classes.Count;

    public void ReadAttributes(int index, Span<float> values)
    {
        for (var k = 0; k < values.Length; k++)
        {
            var field = Attributes[k];
            values[k] = field.Kind != LabelKind.Categorical ? (float)field.Low + index % 2
                : index == count - 1 ? -1
                : index % field.Values.Count;
        }
    }

    public PictureFile? FileOf(int index) => hasFiles && !IsBroken(index) ? new($"a,b/{index}.png", 8, 4, false) : null;

    public bool TryRead(int index, Span<byte> pixels)
    {
        if (IsBroken(index)) return false;
        new Random(index).NextBytes(pixels);
        return true;
    }

    public void Dispose()
    {
    }

    private bool IsBroken(int index) => broken?.Contains(index) == true;
}
