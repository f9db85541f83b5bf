using GanPipeline.Data.Bricks;

namespace GanPipeline.Data;

/// <summary>The one place where options become pictures.</summary>
public static class DataSets
{
    /// <summary>
    /// Opens a data set. Files are listed and headers of whole data files checked; pictures in folders and archives are decoded only when they are
    /// read, except as many as it takes to find one that is usable.
    /// </summary>
    /// <exception cref="DataSetException">The options do not fit together, or the files are missing, damaged or hold no usable picture.</exception>
    public static IImageSource Open(DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (_, problem) in options.Problems()) throw new DataSetException($"In the data's options, {problem}.");
        return options.Kind switch
        {
            "bricks" => new BricksSource(options),
            _ => throw new DataSetException($"Data of kind '{options.Kind}' cannot be opened yet."),
        };
    }
}
