namespace GanPipeline.Jobs;

/// <summary>How the images of a shard are stored.</summary>
public enum ImageShardFormat
{
    /// <summary>A folder of PNG files, <c>00000/000000000.png</c>, and <c>labels.csv</c> where the generator is conditional.</summary>
    Png,

    /// <summary>The same with JPEG files of quality 95, smaller and not exact.</summary>
    Jpeg,

    /// <summary>
    /// A tar file in the convention of WebDataset, <c>00000.tar</c>: for each sample a PNG file, a JSON file with its seed, index and
    /// label, and a <c>.cls</c> file with the number of its class where the label is one of several classes.
    /// </summary>
    Tar,

    /// <summary>
    /// NumPy files: images uint8 [N, H, W, C] in <c>00000.npy</c>, label vectors float32 [N, K] in <c>00000-labels.npy</c>.
    /// </summary>
    Npy,

    /// <summary>The same two arrays, <c>images</c> and <c>labels</c>, in one file <c>00000.npz</c> without compression.</summary>
    Npz,

    /// <summary>
    /// MNIST's form: <c>00000-images-idx3-ubyte</c> [N, H, W], or <c>idx4</c> [N, H, W, 3] in colour, and <c>00000-labels-idx1-ubyte</c>
    /// where the label is one of at most 256 classes.
    /// </summary>
    Idx,

    /// <summary>
    /// A Parquet file <c>00000.parquet</c>, which Hugging Face's datasets, pandas and DuckDB read: the columns <c>image</c> (a struct of
    /// <c>bytes</c>, a PNG file, and <c>path</c>, its name), <c>seed</c>, <c>index</c>, and where the generator is conditional
    /// <c>label</c>, the number of the class where the label is one of several classes, and one for each of the label's fields: numbers
    /// as float64, all others as text.
    /// </summary>
    Parquet,
}
