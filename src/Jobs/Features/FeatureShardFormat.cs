namespace GanPipeline.Jobs;

/// <summary>
/// How the features of a shard are stored. A picture that cannot be read has no row; the index tells which one a row is of.
/// </summary>
public enum FeatureShardFormat
{
    /// <summary>
    /// NumPy files: features float32 [N, F] in <c>00000.npy</c>, each row's index in the data set int64 [N] in <c>00000-index.npy</c>, and
    /// in <c>00000-labels.npy</c> classes int32 [N] (-1 is none), or where there are several attributes their values float32 [N, K].
    /// </summary>
    Npy,

    /// <summary>
    /// A text file <c>00000.csv</c> with a line of names: <c>index</c>, <c>file</c> where pictures are files, the data's attributes, and
    /// the features <c>f0</c>, <c>f1</c> and so on, each with as many digits as give the same number when it is read.
    /// </summary>
    Csv,

    /// <summary>
    /// A Parquet file <c>00000.parquet</c> with the columns <c>index</c>, <c>file</c> where pictures are files, the data's attributes, and
    /// <c>features</c>, a list of float32.
    /// </summary>
    Parquet,
}
