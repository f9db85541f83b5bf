namespace GanPipeline.Data;

/// <summary>The pictures of one training step. Dispose it when the pixels are copied: its buffers are used again.</summary>
public sealed class PixelBatch : IDisposable
{
    private Action<PixelBatch>? _return;

    internal PixelBatch(int count, int imageSize, int labelSize = 0)
    {
        Pixels = new byte[(long)count * imageSize];
        Labels = new int[count];
        LabelVectors = new float[count * labelSize];
    }

    /// <summary>The pictures, one after the other, each channel by channel and row by row; values 0 to 255.</summary>
    public byte[] Pixels { get; }

    /// <summary>The pictures' labels; -1 where there is none.</summary>
    public int[] Labels { get; }

    /// <summary>The pictures' label vectors, one after the other, by <see cref="BatchLoaderOptions.Labels"/>; empty where that is null.</summary>
    public float[] LabelVectors { get; }

    /// <summary>The number of pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>The step this batch belongs to, from 0.</summary>
    public long Step { get; internal set; }

    /// <summary>How often the data set had been seen whole before this batch's first picture.</summary>
    public long Epoch { get; internal set; }

    /// <summary>Gives the buffers back; the arrays must not be used after.</summary>
    public void Dispose() => Interlocked.Exchange(ref _return, null)?.Invoke(this);

    internal void OnDispose(Action<PixelBatch> giveBack) => _return = giveBack;
}
