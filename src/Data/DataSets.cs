namespace GanPipeline.Data;

/// <summary>Opens data sets.</summary>
public static class DataSets
{
    /// <summary>
    /// Opens a data set. Lists the files and checks the headers of data files. Pictures in folders and archives are decoded only when they
    /// are read, except the first ones, until one is usable.
    /// </summary>
    /// <param name="options">Which pictures, and their shape.</param>
    /// <param name="cancellationToken">Ends the listing, unpacking and reading.</param>
    /// <exception cref="DataSetException">
    /// The options contradict each other, or the files are missing, damaged or hold no usable picture.
    /// </exception>
    public static IImageSource Open(DataOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (_, problem) in options.Problems()) throw new DataSetException($"In the data's options, {problem}.");
        if (options.Kind == "bricks") return new BricksSource(options);

        var source = options.Kind switch
        {
            "idx" => new RawSource(IdxPictures.Open(options.Path!, options.Split, cancellationToken), options, survivesMirroring: false),
            "cifar10" => OpenCifar10(options, cancellationToken),
            _ => (IImageSource)PictureSource.Open(options.Path!, options, cancellationToken),
        };
        try
        {
            var selected = SelectedSource.Select(source, options);
            RequireUsable(selected, cancellationToken);
            return selected;
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static IImageSource OpenCifar10(DataOptions options, CancellationToken cancellationToken)
    {
        if (Cifar10Pictures.FindFolder(options.Path!) is { } folder)
        {
            if ((options.Attributes ?? options.Partition) is { } table)
                throw new DataSetException($"The table {table} cannot be joined: the pictures of {folder} are in CIFAR-10's binary files " +
                    "and have no names.");
            return new RawSource(Cifar10Pictures.Open(folder, options.Split, cancellationToken), options);
        }
        return PictureSource.Open(options.Path!, options with { Size = options.Size == 0 ? 32 : options.Size }, cancellationToken);
    }

    private static void RequireUsable(IImageSource source, CancellationToken cancellationToken)
    {
        var pixels = new byte[source.Shape.Size];
        for (var i = 0; i < source.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (source.TryRead(i, pixels)) return;
        }
        var example = source.SkippedImages[0];
        throw new DataSetException($"None of the {source.Count} pictures of {source.Name} can be used; for example {example.File}: " +
            $"{example.Reason}.");
    }
}
