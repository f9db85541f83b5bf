namespace GanPipeline.Data;

/// <summary>Captions of a data set's pictures.</summary>
public static class ImageSourceCaptions
{
    /// <summary>The caption of a picture that a training sees in an epoch, one of its own.</summary>
    /// <param name="source">Pictures with captions.</param>
    /// <param name="index">Which picture.</param>
    /// <param name="seed">The training's.</param>
    /// <param name="epoch">The pass over the data set.</param>
    /// <exception cref="DataSetException">The pictures have no captions.</exception>
    public static string DrawCaption(this IImageSource source, int index, long seed, long epoch)
    {
        var captions = source.RequireCaptions().Captions(index);
        return captions[Hashing.Below(Hashing.Combine(seed ^ 0x43415054, epoch, index), captions.Count)];
    }

    /// <summary>All captions of all pictures, such as a vocabulary is built of.</summary>
    /// <param name="source">Pictures with captions.</param>
    /// <exception cref="DataSetException">The pictures have no captions.</exception>
    public static IEnumerable<string> AllCaptions(this IImageSource source)
    {
        source.RequireCaptions();
        return Enumerable.Range(0, source.Count).SelectMany(index => source.Captions(index));
    }

    /// <summary>A caption of each of some pictures, which are spread over all, for the metadata of a generator.</summary>
    /// <param name="source">Pictures with captions.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <exception cref="DataSetException">The pictures have no captions.</exception>
    public static IReadOnlyList<string> TakeCaptionExamples(this IImageSource source, int count = LabelExamples.DefaultCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        source.RequireCaptions();
        return [.. Spread.Indices(count, source.Count).Select(index => source.DrawCaption(index, seed: 0, epoch: 0))];
    }

    internal static IImageSource RequireCaptions(this IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.HasCaptions ? source
            : throw new DataSetException($"The pictures of {source.Name} have no captions: give them (data.captions).");
    }
}
