namespace GanPipeline.Inference;

/// <summary>What a classifier reads from the images of latents.</summary>
/// <remarks>
/// Images of another size than the classifier's are resized: each new value is the mean of the old ones that it covers. The models are the
/// caller's, who disposes them.
/// </remarks>
public sealed class LatentReader
{
    // Images in memory at a time.
    private const int ChunkSize = 256;

    /// <param name="generator">The generator.</param>
    /// <param name="classifier">Reads its images.</param>
    /// <exception cref="ArgumentException">They have other numbers of channels.</exception>
    public LatentReader(GeneratorModel generator, ClassifierModel classifier)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(classifier);
        if (generator.Channels != classifier.Channels)
            throw new ArgumentException($"The generator's images have {generator.Channels} channels, the classifier reads images of " +
                $"{classifier.Channels}.");
        (Generator, Classifier) = (generator, classifier);
    }

    /// <summary>Makes the images.</summary>
    public GeneratorModel Generator { get; }

    /// <summary>Reads the images.</summary>
    public ClassifierModel Classifier { get; }

    /// <summary>What is read: the classifier's attributes.</summary>
    public LabelLayout Labels => Classifier.Labels;

    /// <summary>Reads the images of latents.</summary>
    /// <param name="latents">Row-major [N, Z].</param>
    /// <param name="labelVectors">Row-major [N, K] of a conditional generator (<see cref="GeneratorModel.LabelVectors"/>); else empty.
    /// </param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>[fields][N]: indices into <see cref="LabelField.Values"/>, or 0 and 1 for a binary attribute.</returns>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public int[][] Read(
        ReadOnlySpan<float> latents, ReadOnlySpan<float> labelVectors = default, CancellationToken cancellationToken = default)
    {
        var (size, labelSize) = (Generator.LatentSize, Generator.LabelSize);
        var count = Math.DivRem(latents.Length, size, out var remainder);
        if (remainder != 0) throw new ArgumentException($"{latents.Length} values given, which is not a multiple of a latent's {size}.");
        var read = Labels.Fields.Select(_ => new int[count]).ToArray();
        for (int done = 0, n; done < count; done += n)
        {
            n = Math.Min(ChunkSize, count - done);
            var images = new ImageTensor(n, Generator.Channels, Generator.Height, Generator.Width);
            Generator.Generate(latents.Slice(done * size, n * size),
                labelVectors.Slice(Math.Min(labelVectors.Length, done * labelSize), Math.Min(labelVectors.Length, n * labelSize)),
                images.Values, cancellationToken);
            var chunk = Read(images, cancellationToken);
            for (var f = 0; f < read.Length; f++) chunk[f].CopyTo(read[f], done);
        }
        return read;
    }

    /// <summary>Reads images, such as those of latents that were made already.</summary>
    /// <param name="images">Images of the classifier's channels, of any size.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>As of <see cref="Read(ReadOnlySpan{float}, ReadOnlySpan{float}, CancellationToken)"/>.</returns>
    /// <exception cref="ArgumentException">Images of other channels.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public int[][] Read(ImageTensor images, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Classifier.Read(AreaResampling.Resize(images, Classifier.Height, Classifier.Width), cancellationToken);
    }
}
