namespace GanPipeline.Data;

/// <summary>How a data set is divided into batches, and how its pictures are augmented.</summary>
public sealed record BatchLoaderOptions
{
    /// <summary>Pictures in a batch, at least 1; where it has several parts, in all of them together.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Parts of one size that each batch is divided into, at least 1; the batch's size is a multiple of it. Several processes that train
    /// together load a part each.
    /// </summary>
    public int Parts { get; init; } = 1;

    /// <summary>The part that this loader prepares, 0 to <see cref="Parts"/> - 1. Part 0 has the batch's first pictures.</summary>
    public int Part { get; init; }

    /// <summary>Determines the order of the pictures, and how each is mirrored, cropped and jittered.</summary>
    public long Seed { get; init; }

    /// <summary>The step of the first batch. A resumed run that starts here gets the batches of an uninterrupted one.</summary>
    public long FirstStep { get; init; }

    /// <summary>Threads that prepare batches. 0 means one fewer than the processors have cores, but at least one.</summary>
    public int Workers { get; init; }

    /// <summary>Batches prepared ahead, at least 1. The loader keeps them in memory, besides the cache.</summary>
    public int Prefetch { get; init; } = 4;

    /// <summary>Mirrors half of the pictures left to right, a different half in each epoch.</summary>
    public bool Flip { get; init; }

    /// <summary>
    /// Shifts each picture by up to so many pixels in both directions, by a different distance in each epoch. The gap at an edge is filled
    /// with the picture mirrored there. Must be less than the pictures' side; 0 shifts nothing.
    /// </summary>
    public int RandomCrop { get; init; }

    /// <summary>
    /// Enlarges each picture by so many pixels on a side (bilinear), and cuts a window of its own size at a random place, another one in
    /// each epoch; both sides of a pair alike (Isola et al. 2017, appendix 6.2: 30 pixels for pictures of 256). At most the pictures'
    /// side; 0 changes nothing. Not together with <see cref="RandomCrop"/>.
    /// </summary>
    public int Jitter { get; init; }

    /// <summary>The layout of the label vectors in batches; null for none.</summary>
    public LabelLayout? Labels { get; init; }

    /// <summary>
    /// Turns a caption of each picture into ids, another one in each epoch; null for none. Mirrored pictures keep their captions.
    /// </summary>
    public Vocabulary? Vocabulary { get; init; }

    /// <summary>Keeps decoded pictures in memory if all of them fit into so many bytes; 0 decodes each picture every time.</summary>
    public long CacheBytes { get; init; } = 1L << 30;
}
