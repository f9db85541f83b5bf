using System.Buffers;

namespace GanPipeline.Inference;

// Images of seeds, and of given latents.
public sealed partial class GeneratorModel
{
    /// <summary>
    /// Images of latents <paramref name="first"/>, <paramref name="first"/> + 1, ... of a seed (see <see cref="Latents"/>).
    /// </summary>
    /// <param name="count">How many, 0 or more. For many, use <see cref="SampleBatches"/>, whose memory does not grow.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first: samples 0-99 and 100-199 are together samples 0-199.</param>
    /// <param name="labels">
    /// The requested labels of a conditional generator, as in <c>["7"]</c>, <c>["airplane", "ship"]</c> or <c>["color=red,
    /// studs-wide=2"]</c> (see <see cref="LabelLayout.Parse"/>). Of n labels, image i gets label i mod n. Without labels, a single field
    /// cycles through its values. All other values come from one of <see cref="LabelExamples"/>, drawn by (seed, i) among those with the
    /// requested values. Without examples each missing value is drawn on its own, uniformly. Of a generator that is told texts they are
    /// texts, as in <c>["a red brick on a white table"]</c>; without any, each image shows one of <see cref="TextExamples"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or index, or more values than one array holds.</exception>
    /// <exception cref="ArgumentException">A label does not exist, which the message answers with those that do; or labels for
    /// an unconditional generator.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public ImageTensor Sample(
        int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null, CancellationToken cancellationToken = default)
    {
        var images = Allocate(count);
        Generate(Draw(seed, first, count), LabelVectors(count, seed, first, labels), images.Values,
            cancellationToken);
        return images;
    }

    /// <summary>Images of what a text says.</summary>
    /// <param name="text">Such as <c>a red brick on a white table</c>; <see cref="Warnings"/> says what is not understood of it.</param>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="InvalidOperationException">The generator is told no texts.</exception>
    /// <exception cref="ArgumentException">The text has no words.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public ImageTensor Sample(string text, int count, long seed = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Vocabulary is null) throw new InvalidOperationException($"'{_model.Path}' is told no texts.");
        return Sample(count, seed, labels: [text], cancellationToken: cancellationToken);
    }

    /// <summary>The samples of
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/> as a stream of batches, so that memory does not
    /// grow with their number.</summary>
    /// <param name="count">How many in all, 0 or more.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="reuse">
    /// Whether every batch reuses the memory of the one before. A batch is then valid until the next one is requested.
    /// </param>
    /// <param name="labels">As for <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the enumeration between batches.</param>
    /// <returns>Tensors of the options' batch size, the last one smaller.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or index.</exception>
    /// <exception cref="ArgumentException">As for
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</exception>
    public IEnumerable<ImageTensor> SampleBatches(
        long count, long seed = 0, long first = 0, bool reuse = false, IReadOnlyList<string>? labels = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var plan = Plan(labels);
        return Batches();

        IEnumerable<ImageTensor> Batches()
        {
            var latents = new float[Math.Min(count, _model.BatchSize) * LatentSize];
            var vectors = new float[Math.Min(count, _model.BatchSize) * LabelSize];
            ImageTensor? images = null;
            for (long done = 0; done < count;)
            {
                var n = (int)Math.Min(_model.BatchSize, count - done);
                if (!reuse || images?.Count != n) images = Allocate(n);
                Span<float> batch = latents.AsSpan(0, n * LatentSize), batchLabels = vectors.AsSpan(0, n * LabelSize);
                DrawLatents(seed, first + done, batch);
                plan?.Fill(seed, first + done, batchLabels);
                Generate(batch, batchLabels, images.Values, cancellationToken);
                yield return images;
                done += n;
            }
        }
    }

    /// <summary>The samples of
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/> as bytes [N, H, W, C].</summary>
    /// <inheritdoc cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>
    public byte[] SamplePixels(
        int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null, CancellationToken cancellationToken = default)
    {
        var bytes = new byte[Length(count)];
        GeneratePixels(Draw(seed, first, count), LabelVectors(count, seed, first, labels), bytes, cancellationToken);
        return bytes;
    }

    /// <summary>The latents from which the images of a seed are made, with the options' <see cref="ModelOptions.Truncation"/>.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="latents">Receives [N, <see cref="LatentSize"/>]; its length sets N.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative index.</exception>
    /// <exception cref="ArgumentException">The length is no multiple of <see cref="LatentSize"/>.</exception>
    public void DrawLatents(long seed, long first, Span<float> latents) =>
        Latents.Truncated(seed, first, LatentSize, _truncation, latents);

    /// <summary>Images of given latents.</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="labels">As for
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/> with seed 0. A conditional generator needs
    /// some.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">
    /// The length is no multiple of <see cref="LatentSize"/>; labels as for
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public ImageTensor Generate(
        ReadOnlyMemory<float> latents, IReadOnlyList<string>? labels = null, CancellationToken cancellationToken = default)
    {
        var count = CountOf(latents.Span);
        if (labels is not { Count: > 0 }) RequireLabels([], count);
        var images = Allocate(count);
        Generate(latents.Span, LabelVectors(count, labels: labels), images.Values, cancellationToken);
        return images;
    }

    /// <summary>Images of given latents into memory that the caller provides; nothing proportional to N is allocated.</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="images">Receives [N, C, H, W] in [-1, 1]; exactly N * <see cref="ImageSize"/> values.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit, or a conditional generator.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void Generate(ReadOnlySpan<float> latents, Span<float> images, CancellationToken cancellationToken = default) =>
        Generate(latents, [], images, cancellationToken);

    /// <summary>
    /// Images of given latents and label vectors into memory that the caller provides; nothing proportional to N is allocated.
    /// </summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="labels">Row-major [N, <see cref="LabelSize"/>]: one-hot for a categorical field, 0 or 1 for a binary one, -1 to 1 for a
    /// numeric one (see <see cref="LabelLayout"/>); empty for an unconditional generator.</param>
    /// <param name="images">Receives [N, C, H, W] in [-1, 1]; exactly N * <see cref="ImageSize"/> values.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void Generate(
        ReadOnlySpan<float> latents, ReadOnlySpan<float> labels, Span<float> images, CancellationToken cancellationToken = default)
    {
        var count = CountOf(latents);
        RequireLabels(labels, count);
        CheckLength(images.Length, count, nameof(images));
        if (_image is not null)
        {
            RunImages(latents, labels, images, count, cancellationToken);
            return;
        }
        var bytes = ArrayPool<byte>.Shared.Rent(Math.Min(count, _model.BatchSize) * ImageSize);
        for (int done = 0, n; done < count; done += n)
        {
            n = Math.Min(_model.BatchSize, count - done);
            _model.Run(_latent, Rows(latents, LatentSize, done, n), _label, Rows(labels, LabelSize, done, n), _pixels!,
                bytes.AsSpan(0, n * ImageSize), n,
                cancellationToken);
            for (var i = 0; i < n; i++)
                PixelValues.ToPlanes(bytes.AsSpan(i * ImageSize, ImageSize), Channels, images.Slice((done + i) * ImageSize, ImageSize));
        }
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Images of given latents as bytes: round((x + 1) * 127.5), half to even, clamped to [0, 255].</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="bytes">Receives [N, H, W, C]; exactly N * <see cref="ImageSize"/> bytes.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit, or a conditional generator.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void GeneratePixels(ReadOnlySpan<float> latents, Span<byte> bytes, CancellationToken cancellationToken = default) =>
        GeneratePixels(latents, [], bytes, cancellationToken);

    /// <summary>Images of given latents and label vectors as bytes: round((x + 1) * 127.5), half to even, clamped to [0, 255].</summary>
    /// <param name="latents">Row-major [N, <see cref="LatentSize"/>].</param>
    /// <param name="labels">As for
    /// <see cref="Generate(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, CancellationToken)"/>.</param>
    /// <param name="bytes">Receives [N, H, W, C]; exactly N * <see cref="ImageSize"/> bytes.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">Lengths that do not fit.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public void GeneratePixels(
        ReadOnlySpan<float> latents, ReadOnlySpan<float> labels, Span<byte> bytes, CancellationToken cancellationToken = default)
    {
        var count = CountOf(latents);
        RequireLabels(labels, count);
        CheckLength(bytes.Length, count, nameof(bytes));
        if (_pixels is not null)
        {
            _model.Run(_latent, latents, _label, labels, _pixels, bytes, count, cancellationToken);
            return;
        }
        var values = ArrayPool<float>.Shared.Rent(Math.Min(count, _model.BatchSize) * ImageSize);
        for (int done = 0, n; done < count; done += n)
        {
            n = Math.Min(_model.BatchSize, count - done);
            RunImages(Rows(latents, LatentSize, done, n), Rows(labels, LabelSize, done, n), values.AsSpan(0, n * ImageSize), n,
                cancellationToken);
            for (var i = 0; i < n; i++)
                PixelValues.FromPlanes(values.AsSpan(i * ImageSize, ImageSize), Channels, bytes.Slice((done + i) * ImageSize, ImageSize));
        }
        ArrayPool<float>.Shared.Return(values);
    }

    private float[] Draw(long seed, long first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var latents = new float[checked(count * LatentSize)];
        DrawLatents(seed, first, latents);
        return latents;
    }

    private void RunImages(
        ReadOnlySpan<float> latents, ReadOnlySpan<float> labels, Span<float> images, int count, CancellationToken cancellationToken)
    {
        _model.Run(_latent, latents, _label, labels, _image!, images, count, cancellationToken);
        _range.Require(images);
    }

    private static ReadOnlySpan<float> Rows(ReadOnlySpan<float> values, int size, int first, int count) =>
        values.Slice(first * size, count * size);

    private ImageTensor Allocate(int count) => new(new float[Length(count)], count, Channels, Height, Width);

    private int Length(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        // One array for the images, and one for the latents.
        var most = Array.MaxLength / Math.Max(ImageSize, LatentSize);
        if (count > most)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"One array holds at most {most} of these images; {nameof(SampleBatches)} has no such limit.");
        }
        return count * ImageSize;
    }

    private int CountOf(ReadOnlySpan<float> latents) => latents.Length % LatentSize == 0
        ? latents.Length / LatentSize
        : throw new ArgumentException($"{latents.Length} values given, which is not a multiple of the latent size {LatentSize}.",
            nameof(latents));

    private void RequireLabels(ReadOnlySpan<float> labels, int count)
    {
        if (labels.Length == (long)count * LabelSize) return;
        throw new ArgumentException(LabelSize == 0
            ? $"'{_model.Path}' is not conditional: it takes no labels; {labels.Length} values given."
            : $"'{_model.Path}' is conditional: {count} label vectors of {LabelSize} values need {(long)count * LabelSize}; " +
                $"{labels.Length} given.",
            nameof(labels));
    }

    private void CheckLength(int length, int count, string parameter)
    {
        if (length != (long)count * ImageSize)
            throw new ArgumentException($"{count} images of {ImageSize} values need {(long)count * ImageSize}; {length} given.", parameter);
    }
}
