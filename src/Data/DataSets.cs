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
        if (options.Kind == "bricks") return new BricksSource(options);

        var source = options.Kind switch
        {
            "idx" => new RawSource(IdxPictures.Open(options.Path!, options.Split), options, survivesMirroring: false),
            "cifar10" => OpenCifar10(options),
            _ => (IImageSource)PictureSource.Open(options.Path!, options),
        };
        try
        {
            var selected = SelectedSource.Of(source, options);
            RequireUsable(selected);
            return selected;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static IImageSource OpenCifar10(DataOptions options)
    {
        if (Cifar10Pictures.FindFolder(options.Path!) is { } folder)
        {
            if ((options.Attributes ?? options.Partition) is { } table)
                throw new DataSetException($"The table {table} cannot be joined: the pictures of {folder} lie in CIFAR-10's binary files and have no names.");
            return new RawSource(Cifar10Pictures.Open(folder, options.Split), options);
        }
        return PictureSource.Open(options.Path!, options with { Size = options.Size == 0 ? 32 : options.Size });
    }

    private static void RequireUsable(IImageSource source)
    {
        var pixels = new byte[source.Shape.Size];
        for (var i = 0; i < source.Count; i++)
            if (source.TryRead(i, pixels)) return;
        var example = source.SkippedImages[0];
        throw new DataSetException($"None of the {source.Count} pictures of {source.Name} can be used; for example {example.File}: {example.Reason}.");
    }
}
