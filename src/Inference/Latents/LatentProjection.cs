namespace GanPipeline.Inference;

/// <summary>How long to search for the latent of an image.</summary>
public sealed record LatentProjectionOptions
{
    /// <summary>Latents drawn at first, at least 1; the search starts from the nearest ones.</summary>
    public int Draws { get; init; } = 1000;

    /// <summary>Of how many drawn latents a search starts, at least 1; the best result counts.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>Steps of a search, 0 or more; 0 leaves it at the nearest drawn latent.</summary>
    public int Steps { get; init; } = 150;

    /// <summary>Latents tried in a step, at least 4; 0 means 3 (4 + 3 ln Z).</summary>
    public int Population { get; init; }

    /// <summary>Which latents are drawn and tried.</summary>
    public long Seed { get; init; }
}

/// <summary>The latent whose image is nearest to a given one, as far as a search without gradients finds it.</summary>
/// <remarks>
/// The distance is the Euclidean one between the images' features. Of latents drawn at random, the nearest ones are improved by the matrix
/// adaptation evolution strategy of Beyer and Sendhoff 2017, which is CMA-ES (Hansen and Ostermeier 2001) without decompositions: each step
/// tries a population in one batch. Latents are kept within the length that 99 of 100 samples have: farther out, features can be met by
/// images that look unlike the given one. An image that the generator cannot make has no near latent, and a search may end in a local
/// minimum: <see cref="Ratio"/> says how near it came.
/// </remarks>
/// <param name="Latent">The nearest latent found, [Z].</param>
/// <param name="Distance">Its image's distance to the given one.</param>
/// <param name="NearestDrawn">The distance of the nearest of the latents drawn at first.</param>
/// <param name="MedianDrawn">The median distance of the latents drawn at first: that of a random sample.</param>
/// <param name="DrawnLatent">The nearest of the latents drawn at first, [Z].</param>
/// <param name="Tried">Latents whose images were made.</param>
public sealed record LatentProjection(
    float[] Latent, double Distance, double NearestDrawn, double MedianDrawn, float[] DrawnLatent, long Tried)
{
    // The length of a standard normal latent is nearly normal, with a mean of sqrt(Z) and a variance of 1/2; this is its 99th percentile.
    private const double LengthQuantile = 2.326;

    /// <summary>The distance as a share of a random sample's, <see cref="MedianDrawn"/>: 0 is the image itself, 1 no better than chance.
    /// </summary>
    public double Ratio => Distance / Math.Max(MedianDrawn, double.Epsilon);

    /// <summary>Searches the latent of an image.</summary>
    /// <param name="generator">Makes the images.</param>
    /// <param name="features">Measures them: a classifier's or discriminator's features. Images of another size are resized.</param>
    /// <param name="image">One image of the generator's channels, of any size, in [-1, 1].</param>
    /// <param name="options">How long to search; null means all defaults.</param>
    /// <param name="label">The label vector of a conditional generator, [K]; else null.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Other numbers of channels, not one image, or a label vector that does not fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option below its least.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public static LatentProjection Find(
        GeneratorModel generator, FeatureModel features, ImageTensor image, LatentProjectionOptions? options = null,
        float[]? label = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(image);
        options ??= new LatentProjectionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Starts, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Steps);
        if (options.Population != 0) ArgumentOutOfRangeException.ThrowIfLessThan(options.Population, 4);
        var distance = new FeatureDistance(generator, features, image, label ?? [], cancellationToken);
        var size = generator.LatentSize;

        var drawn = Latents.Normal(options.Seed, 0, options.Draws, size);
        var distances = distance.Of(drawn);
        int[] order = [.. Enumerable.Range(0, options.Draws).OrderBy(i => distances[i])];
        var nearest = drawn.AsSpan(order[0] * size, size).ToArray();
        var best = (Latent: nearest, Distance: distances[order[0]]);
        var longest = Math.Sqrt(size) + LengthQuantile * Math.Sqrt(0.5);
        for (var start = 0; start < Math.Min(options.Starts, options.Draws) && options.Steps > 0; start++)
        {
            var search = new EvolutionSearch(drawn.AsSpan(order[start] * size, size), longest, options.Population, options.Seed, start);
            for (var step = 0; step < options.Steps; step++)
            {
                var tried = search.Try();
                var found = distance.Of(tried);
                search.Learn(found);
                var first = Array.IndexOf(found, found.Min());
                if (found[first] < best.Distance) best = (tried.AsSpan(first * size, size).ToArray(), found[first]);
            }
        }
        return new(best.Latent, best.Distance, distances[order[0]], distances[order[order.Length / 2]], nearest, distance.Count);
    }
}
