namespace GanPipeline.Data;

/// <summary>The pictures of one training step. Dispose it after copying the pixels: its buffers are reused.</summary>
public sealed class PixelBatch : IDisposable
{
    private Action<PixelBatch>? _return;

    internal PixelBatch(int count, int imageSize, int labelSize = 0, int textLength = 0)
    {
        Pixels = new byte[(long)count * imageSize];
        Labels = new int[count];
        LabelVectors = new float[count * labelSize];
        Texts = new long[count * textLength];
        CaptionGroups = new int[count];
    }

    /// <summary>The pictures, [N, C, H, W], 0 to 255.</summary>
    public byte[] Pixels { get; }

    /// <summary>The pictures' classes, [N]; -1 for a picture without one.</summary>
    public int[] Labels { get; }

    /// <summary>The pictures' label vectors, [N, K], by <see cref="BatchLoaderOptions.Labels"/>; empty if that is null.</summary>
    public float[] LabelVectors { get; }

    /// <summary>The ids of a caption of each picture, [N, L], by <see cref="BatchLoaderOptions.Vocabulary"/>; empty if that is
    /// null.</summary>
    public long[] Texts { get; }

    /// <summary>The pictures' <see cref="IImageSource.CaptionGroup"/>, [N].</summary>
    public int[] CaptionGroups { get; }

    /// <summary>The number of pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>The step this batch belongs to, from 0.</summary>
    public long Step { get; internal set; }

    /// <summary>The number of complete passes over the data set before this batch's first picture.</summary>
    public long Epoch { get; internal set; }

    /// <summary>Returns the buffers to the loader. The arrays must not be used afterwards.</summary>
    public void Dispose() => Interlocked.Exchange(ref _return, null)?.Invoke(this);

    internal void OnDispose(Action<PixelBatch> giveBack) => _return = giveBack;
}
