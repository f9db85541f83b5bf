namespace GanPipeline.Inference;

// The labels of a conditional generator.
public sealed partial class GeneratorModel
{
    private const int LeastColumns = 4;

    /// <summary>
    /// The labels of a conditional generator. Null for an unconditional one, and for a model whose metadata do not describe them
    /// (<see cref="ModelMetadata.Labels"/>).
    /// </summary>
    public LabelLayout? Labels { get; }

    /// <summary>
    /// Labels of some training images. Values that a request does not give are taken from one of them. Null if the model has none
    /// (<see cref="ModelMetadata.LabelExamples"/>).
    /// </summary>
    public LabelExamples? LabelExamples { get; }

    /// <summary>The words of the texts that it makes images of; null for a generator that is told no texts.</summary>
    public Vocabulary? Vocabulary { get; }

    /// <summary>
    /// Captions of some training images. An image that no text is requested for gets one of them; see
    /// <see cref="ModelMetadata.TextExamples"/>.
    /// </summary>
    public IReadOnlyList<string> TextExamples { get; }

    /// <summary>
    /// What the generator does not understand of a text, a sentence each: unknown words, with the nearest known one, and words beyond the
    /// longest text. Empty where it understands all, and for a generator that is told no texts.
    /// </summary>
    public IReadOnlyList<string> Warnings(string text) => Vocabulary?.Warnings(text) ?? [];

    /// <summary>The texts that <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/> shows with the same
    /// arguments.</summary>
    /// <exception cref="InvalidOperationException">The generator is told no texts.</exception>
    /// <exception cref="ArgumentException">A text has no words; or none is given, and the model has no examples.</exception>
    public IReadOnlyList<string> Texts(int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (Plan(labels) is not TextPlan plan) throw new InvalidOperationException($"'{_model.Path}' is told no texts.");
        return [.. Enumerable.Range(0, count).Select(i => plan.Text(seed, first + i))];
    }

    /// <summary>
    /// K, the values of one label vector; 0 for an unconditional generator. Of one that is told texts, a vector is a text's ids.
    /// </summary>
    public int LabelSize => _label?.RowSize ?? 0;

    /// <summary>The label vectors that
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/> uses with the same arguments, [N, K].</summary>
    /// <inheritdoc cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>
    public float[] LabelVectors(int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var vectors = new float[checked(count * LabelSize)];
        DrawLabels(seed, first, vectors, labels);
        return vectors;
    }

    /// <summary>The same into memory that the caller provides.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first.</param>
    /// <param name="vectors">Receives [N, <see cref="LabelSize"/>]; its length sets N, and is 0 for an unconditional generator.</param>
    /// <param name="labels">As for <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</param>
    /// <exception cref="ArgumentException">The length is no multiple of <see cref="LabelSize"/>; labels as for
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.
    /// </exception>
    public void DrawLabels(long seed, long first, Span<float> vectors, IReadOnlyList<string>? labels = null)
    {
        if (LabelSize == 0 ? vectors.Length > 0 : vectors.Length % LabelSize != 0)
        {
            throw new ArgumentException(
                $"{vectors.Length} values given, which is not a multiple of a label's {LabelSize}.", nameof(vectors));
        }
        Plan(labels)?.Fill(seed, first, vectors);
    }

    /// <summary>
    /// Samples for a grid. With a conditional generator, each row has one label and each column one latent. The rows are the requested
    /// labels, else the values of the only field, else labels drawn by (seed, row), in about a square. With an unconditional generator, the
    /// images are those of <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.
    /// </summary>
    /// <param name="count">About how many images, at least 1. A conditional grid has at least 4 columns, and all requested labels.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first latent.</param>
    /// <param name="labels">As for <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The images, row by row, and the number of columns; 0 leaves that to <see cref="Pictures.SaveGrid"/>.</returns>
    /// <exception cref="ArgumentException">As for
    /// <see cref="Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public (ImageTensor Images, int Columns) SampleGrid(
        int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (Plan(labels) is not { } plan) return (Sample(count, seed, first, cancellationToken: cancellationToken), 0);
        var asked = labels is { Count: > 0 };
        var rows = asked ? plan.Count : plan.Count > 1 ? Math.Min(plan.Count, count) : (int)Math.Ceiling(Math.Sqrt(count));
        var columns = Math.Max(LeastColumns, count / rows);
        var rowVectors = new float[rows * LabelSize];
        plan.Fill(seed, 0, rowVectors);
        var row = Draw(seed, first, columns);
        var images = Allocate(checked(rows * columns));
        for (var r = 0; r < rows; r++)
        {
            float[] vectors = [.. Enumerable.Repeat(rowVectors[(r * LabelSize)..((r + 1) * LabelSize)], columns).SelectMany(v => v)];
            Generate(row, vectors, images.Values.AsSpan(r * columns * ImageSize, columns * ImageSize), cancellationToken);
        }
        return (images, columns);
    }

    /// <summary>Null for an unconditional generator.</summary>
    private ILabelPlan? Plan(IReadOnlyList<string>? labels)
    {
        if (_label is null)
        {
            return labels is not { Count: > 0 } ? null
                : throw new ArgumentException($"'{_model.Path}' is not conditional: it takes no label, such as '{labels[0]}'.");
        }
        if (Vocabulary is not null) return new TextPlan(Vocabulary, TextExamples, labels);
        return Labels is not null ? new LabelPlan(Labels, LabelExamples, labels) : throw new ArgumentException(
            $"'{_model.Path}' takes label vectors [N, {LabelSize}], but its metadata do not describe them ({ModelMetadata.Labels}). " +
            $"Give label vectors to {nameof(Generate)}.");
    }

    private LabelLayout? ReadLabels()
    {
        if (_label is null || !Metadata.TryGetValue(ModelMetadata.Labels, out var json)) return null;
        try
        {
            var layout = LabelLayout.FromJson(json);
            return layout.Size == LabelSize ? layout : throw new FormatException($"Their vector has {layout.Size} values, the model's " +
                $"input {LabelSize}.");
        }
        catch (FormatException e)
        {
            throw new ModelException(
                $"'{_model.Path}' describes its labels wrongly in the metadata {ModelMetadata.Labels}: {e.Message}",
                e);
        }
    }

    private LabelExamples? ReadLabelExamples()
    {
        if (Labels is null || !Metadata.TryGetValue(ModelMetadata.LabelExamples, out var json)) return null;
        try
        {
            return LabelExamples.FromJson(json, Labels);
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{_model.Path}' has wrong examples of labels in the metadata {ModelMetadata.LabelExamples}: " +
                $"{e.Message}", e);
        }
    }
}
