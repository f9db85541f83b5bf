namespace GanPipeline;

/// <summary>
/// Which label each image of a series gets. Of n requested labels, image i gets label i mod n. Without a request, a single field cycles
/// through its values. All other values come from an example that is drawn by (seed, i), whatever the batch: one that has the requested
/// values, if there is one. Without examples each missing value is drawn on its own, uniformly.
/// </summary>
internal sealed class LabelPlan : ILabelPlan
{
    private readonly LabelLayout _layout;

    // A value for each field; NaN is drawn.
    private readonly float[][] _cycle;

    // For each label of the cycle, the examples that its missing values are taken from; empty if each value is drawn on its own.
    private readonly float[][][] _examples;

    public LabelPlan(LabelLayout layout, LabelExamples? known, IReadOnlyList<string>? labels)
    {
        _layout = layout;
        if (labels is { Count: > 0 }) _cycle = [.. labels.Select(layout.Parse)];
        else if (layout.Fields is [{ Choices: > 0 and var choices }])
            _cycle = [.. Enumerable.Range(0, choices).Select(value => new[] { (float)value })];
        else _cycle = [[.. layout.Fields.Select(_ => float.NaN)]];
        float[][] all = [.. known?.Rows ?? []];
        _examples = [.. _cycle.Select(label =>
            all.Where(example => Fits(label, example)).ToArray() is { Length: > 0 } fitting ? fitting : all)];
    }

    // A requested number rarely equals that of an example, so all examples fit it.
    private bool Fits(float[] label, float[] example) =>
        _layout.Fields.Index().All(f => f.Item.Choices == 0 || float.IsNaN(label[f.Index]) || label[f.Index] == example[f.Index]);

    public int Count => _cycle.Length;

    public void Fill(long seed, long first, Span<float> vectors)
    {
        for (var done = 0; done < vectors.Length; done += _layout.Size, first++) FillOne(seed, first, vectors.Slice(done, _layout.Size));
    }

    private void FillOne(long seed, long image, Span<float> vector)
    {
        var (label, known) = (_cycle[image % Count], _examples[image % Count]);
        var example = known.Length > 0 ? known[(int)(LabelDraw.Uniform(seed, image, 0) * known.Length)] : null;
        Span<float> values = stackalloc float[label.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = !float.IsNaN(label[i]) ? label[i] : example is not null ? example[i]
                : Draw(_layout.Fields[i], LabelDraw.Uniform(seed, image, i));
        _layout.EncodeFields(values, vector);
    }

    private static float Draw(LabelField field, double uniform) => field.Choices > 0
        ? (float)Math.Floor(uniform * field.Choices)
        : (float)(field.Low + uniform * (field.High - field.Low));
}
