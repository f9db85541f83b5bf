namespace GanPipeline.Inference;

/// <summary>
/// Latents whose images have something in common, and their mean: a term of the arithmetic of Radford, Metz and Chintala 2016, section
/// 6.3.2 and figure 7. A single latent is too unsteady for it; the paper takes the mean of three.
/// </summary>
/// <param name="Name">As in <c>a</c> of <c>a - b + c</c>.</param>
/// <param name="Latents">Row-major [K, Z].</param>
/// <param name="Mean">The mean of the latents, [Z].</param>
/// <param name="Drawn">Latents drawn to find them; 0 if they were given.</param>
public sealed record LatentConcept(string Name, float[] Latents, float[] Mean, long Drawn)
{
    /// <summary>Latents drawn at a time.</summary>
    private const int ChunkSize = 256;

    /// <summary>A concept of given latents.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="latents">Row-major [K, Z], K at least 1.</param>
    /// <param name="latentSize">Z.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size that is not positive.</exception>
    /// <exception cref="ArgumentException">No latent, or a length that is no multiple of the size.</exception>
    public static LatentConcept FromLatents(string name, float[] latents, int latentSize)
    {
        ArgumentNullException.ThrowIfNull(latents);
        return new(name, latents, MeanOf(latents, latentSize), 0);
    }

    /// <summary>
    /// Concepts as a classifier reads them: latents 0, 1, ... of a seed are drawn until each concept has as many as asked for.
    /// </summary>
    /// <param name="reader">The generator and the classifier.</param>
    /// <param name="concepts">
    /// Names, and what the classifier is to read, as in <c>color=red, form=brick</c> (<see cref="LabelLayout.Parse"/>).
    /// </param>
    /// <param name="count">Latents for each concept, at least 1.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="most">The most latents to draw, at least 1.</param>
    /// <param name="labels">Labels of a conditional generator, as for
    /// <see cref="GeneratorModel.Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</param>
    /// <param name="truncation">The truncation of the latents (see <see cref="ModelOptions.Truncation"/>); null for none.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The concepts, in their order.</returns>
    /// <exception cref="LatentException">
    /// A concept has too few latents among those drawn; the message says how many were found.
    /// </exception>
    /// <exception cref="ArgumentException">The classifier knows no such attribute or value; the message says which it knows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A count below 1.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public static IReadOnlyList<LatentConcept> Find(
        LatentReader reader, IReadOnlyList<(string Name, string Label)> concepts, int count, long seed = 0, int most = 10_000,
        IReadOnlyList<string>? labels = null, float? truncation = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(concepts);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var generator = reader.Generator;
        var size = generator.LatentSize;
        var wanted = concepts.Select(concept => reader.Labels.Parse(concept.Label)).ToArray();
        var found = concepts.Select(_ => new List<float>()).ToArray();
        var drawn = 0;
        while (drawn < most && Array.Exists(found, f => f.Count < count * size))
        {
            var n = Math.Min(ChunkSize, most - drawn);
            var latents = new float[n * size];
            GanPipeline.Latents.Truncated(seed, drawn, size, truncation, latents);
            var read = reader.Read(latents, generator.LabelVectors(n, seed, drawn, labels), cancellationToken);
            for (var i = 0; i < n; i++)
                for (var c = 0; c < found.Length; c++)
                    if (found[c].Count < count * size && Fits(wanted[c], read, i)) found[c].AddRange(latents.AsSpan(i * size, size));
            drawn += n;
        }
        for (var c = 0; c < found.Length; c++)
        {
            if (found[c].Count >= count * size) continue;
            throw new LatentException($"Of the concept {concepts[c].Name}, \"{concepts[c].Label}\", {found[c].Count / size} latents were " +
                $"found in {drawn} drawn, but {count} are needed.");
        }
        return [.. found.Select((latents, c) => new LatentConcept(concepts[c].Name, [.. latents], MeanOf([.. latents], size), drawn))];
    }

    private static bool Fits(float[] wanted, int[][] read, int image)
    {
        for (var f = 0; f < wanted.Length; f++)
            if (!float.IsNaN(wanted[f]) && (int)wanted[f] != read[f][image]) return false;
        return true;
    }

    private static float[] MeanOf(float[] latents, int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var count = Math.DivRem(latents.Length, size, out var remainder);
        if (remainder != 0 || count == 0)
            throw new ArgumentException($"{latents.Length} values given; a latent has {size}, and at least one is needed.");
        var mean = new float[size];
        for (var j = 0; j < size; j++)
        {
            double sum = 0;
            for (var i = 0; i < count; i++) sum += latents[i * size + j];
            mean[j] = (float)(sum / count);
        }
        return mean;
    }
}
