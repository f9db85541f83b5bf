namespace GanPipeline.Data;

/// <summary>How a data set becomes batches.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>Pictures in a batch, at least 1.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>Decides the order of the pictures, which are flipped, and where they are cropped.</summary>
    public long Seed { get; init; }

    /// <summary>The step of the first batch: a resumed run starts here and sees the batches it would have seen.</summary>
    public long FirstStep { get; init; }

    /// <summary>Threads that prepare batches; 0 is one fewer than the processors, and at least one.</summary>
    public int Workers { get; init; }

    /// <summary>Batches prepared ahead, at least 1: what the loader holds in memory beside the cache.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Mirrors half of the pictures, left to right, another half in each epoch.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Cuts each picture out of itself at a place that is up to so many pixels off, another in each epoch; what comes in at an edge is the
    /// picture mirrored there. Below the pictures' side; 0 leaves them where they are.
    /// </summary>
    public int RandomCrop { get; init; }

    /// <summary>The label vectors that batches carry; null is none.</summary>
    public LabelLayout? Labels { get; init; }

    /// <summary>Keeps decoded pictures in memory if all of them fit into so many bytes; 0 reads each picture anew each time.</summary>
    public long CacheBytes { get; init; } = 1L << 30;
}
