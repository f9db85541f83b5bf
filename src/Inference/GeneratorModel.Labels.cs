namespace GanPipeline.Inference;

// What a conditional generator is asked for.
public sealed partial class GeneratorModel
{
    private const int LeastColumns = 4;

    /// <summary>
    /// What a conditional generator can be asked for; null for an unconditional one, and for a model of foreign origin that does not say
    /// (<see cref="ModelMetadata.Labels"/>).
    /// </summary>
    public LabelLayout? Labels { get; }

    /// <summary>
    /// Labels that occur in the training data, from which is taken what a request leaves open; null where the model has none
    /// (<see cref="ModelMetadata.LabelExamples"/>).
    /// </summary>
    public LabelExamples? LabelExamples { get; }

    /// <summary>K, the values of one label vector; 0 where the generator is unconditional.</summary>
    public int LabelSize => label?.RowSize ?? 0;

    /// <summary>The label vectors of the samples that <see cref="Sample"/> makes with the same arguments, [N, K].</summary>
    /// <inheritdoc cref="Sample"/>
    public float[] LabelVectors(int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var vectors = new float[checked(count * LabelSize)];
        Plan(labels)?.Fill(seed, first, vectors);
        return vectors;
    }

    /// <summary>
    /// Samples for a picture of many. Of a conditional generator each row has one label and each column one latent: rows are the labels
    /// asked for, else each value of the only field, else labels drawn by (seed, row), about as many as make a square. Of an
    /// unconditional one they are those of <see cref="Sample"/>.
    /// </summary>
    /// <param name="count">About how many images, at least 1; a conditional grid has at least 4 columns and all asked labels.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="first">Index of the first latent.</param>
    /// <param name="labels">As for <see cref="Sample"/>.</param>
    /// <returns>The images, row by row, and how many make a row; 0 leaves that to <see cref="Pictures.SaveGrid"/>.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Sample"/>.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public (ImageTensor Images, int Columns) SampleGrid(int count, long seed = 0, long first = 0, IReadOnlyList<string>? labels = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (Plan(labels) is not { } plan) return (Sample(count, seed, first), 0);
        bool asked = labels is { Count: > 0 };
        int rows = asked ? plan.Count : plan.Count > 1 ? Math.Min(plan.Count, count) : (int)Math.Ceiling(Math.Sqrt(count));
        int columns = Math.Max(LeastColumns, count / rows);
        var rowVectors = new float[rows * LabelSize];
        plan.Fill(seed, 0, rowVectors);
        float[] row = Latents.Normal(seed, first, columns, LatentSize);
        ImageTensor images = Allocate(checked(rows * columns));
        for (int r = 0; r < rows; r++)
        {
            float[] vectors = [.. Enumerable.Repeat(rowVectors[(r * LabelSize)..((r + 1) * LabelSize)], columns).SelectMany(v => v)];
            Generate(row, vectors, images.Values.AsSpan(r * columns * ImageSize, columns * ImageSize));
        }
        return (images, columns);
    }

    /// <summary>Null for an unconditional generator.</summary>
    private LabelPlan? Plan(IReadOnlyList<string>? labels)
    {
        if (label is null)
        {
            return labels is not { Count: > 0 } ? null
                : throw new ArgumentException($"'{model.Path}' is not conditional: it takes no label, such as '{labels[0]}'.");
        }
        return Labels is not null ? new LabelPlan(Labels, LabelExamples, labels) : throw new ArgumentException(
            $"'{model.Path}' takes label vectors [N, {LabelSize}], and its metadata does not say what they mean ({ModelMetadata.Labels}); " +
            $"give the vectors themselves to {nameof(Generate)}.");
    }

    private LabelLayout? ReadLabels()
    {
        if (label is null || !Metadata.TryGetValue(ModelMetadata.Labels, out string? json)) return null;
        try
        {
            LabelLayout layout = LabelLayout.FromJson(json);
            return layout.Size == LabelSize ? layout : throw new FormatException($"Their vector has {layout.Size} values, the model's input {LabelSize}.");
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{model.Path}' describes its labels wrongly in the metadata {ModelMetadata.Labels}: {e.Message}", e);
        }
    }

    private LabelExamples? ReadLabelExamples()
    {
        if (Labels is null || !Metadata.TryGetValue(ModelMetadata.LabelExamples, out string? json)) return null;
        try
        {
            return LabelExamples.FromJson(json, Labels);
        }
        catch (FormatException e)
        {
            throw new ModelException($"'{model.Path}' has wrong examples of labels in the metadata {ModelMetadata.LabelExamples}: {e.Message}", e);
        }
    }
}
