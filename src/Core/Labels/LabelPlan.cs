using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>
/// Which label each image of a series gets. What is asked for goes round, image i of n labels getting label i mod n. Without a request the
/// values of a single field go round. Several fields, and those that a request leaves open, are those of an example drawn by (seed, i), the
/// same whatever the batch: one of those that have the values asked for, where there is any. Without examples each is drawn by itself, uniformly.
/// </summary>
internal sealed class LabelPlan
{
    // The latents of a seed have 0 in the counter's last word.
    private const uint Stream = 1;

    private const int ValuesPerBlock = 4;
    private readonly LabelLayout layout;

    // A value for each field; NaN is drawn.
    private readonly float[][] round;

    // For each label that goes round, the examples that its open fields are taken from; none where each is drawn by itself.
    private readonly float[][][] examples;

    public LabelPlan(LabelLayout layout, LabelExamples? known, IReadOnlyList<string>? labels)
    {
        this.layout = layout;
        if (labels is { Count: > 0 }) round = [.. labels.Select(layout.Parse)];
        else if (layout.Fields is [{ Choices: > 0 and var choices }]) round = [.. Enumerable.Range(0, choices).Select(value => new[] { (float)value })];
        else round = [[.. layout.Fields.Select(_ => float.NaN)]];
        float[][] all = [.. known?.Rows ?? []];
        examples = [.. round.Select(label => all.Where(example => Fits(label, example)).ToArray() is { Length: > 0 } fitting ? fitting : all)];
    }

    // A number that is asked for has no example of its own; it goes with all of them.
    private bool Fits(float[] label, float[] example) =>
        layout.Fields.Index().All(f => f.Item.Choices == 0 || float.IsNaN(label[f.Index]) || label[f.Index] == example[f.Index]);

    /// <summary>How many labels go round: asked for, or values of the only field; 1 where each image's is drawn.</summary>
    public int Count => round.Length;

    /// <summary>Label vectors of images <paramref name="first"/>, <paramref name="first"/> + 1, ... [N, <see cref="LabelLayout.Size"/>].</summary>
    public void Fill(long seed, long first, Span<float> vectors)
    {
        for (int done = 0; done < vectors.Length; done += layout.Size, first++) FillOne(seed, first, vectors.Slice(done, layout.Size));
    }

    private void FillOne(long seed, long image, Span<float> vector)
    {
        var (label, known) = (round[image % Count], examples[image % Count]);
        float[]? example = known.Length > 0 ? known[(int)(Uniform(seed, image, 0) * known.Length)] : null;
        Span<float> values = stackalloc float[label.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = !float.IsNaN(label[i]) ? label[i] : example is not null ? example[i] : Draw(layout.Fields[i], Uniform(seed, image, i));
        layout.EncodeFields(values, vector);
    }

    private static float Draw(LabelField field, double uniform) => field.Choices > 0
        ? (float)Math.Floor(uniform * field.Choices)
        : (float)(field.Low + uniform * (field.High - field.Low));

    /// <summary>A number in [0, 1) for one field of one image.</summary>
    private static double Uniform(long seed, long image, int field)
    {
        Philox.Blocks((uint)seed, (uint)(seed >> 32),
            Vector256.Create((uint)(field / ValuesPerBlock)), Vector256.Create((uint)image), Vector256.Create((uint)(image >> 32)), Vector256.Create(Stream),
            out Vector256<uint> w0, out Vector256<uint> w1, out Vector256<uint> w2, out Vector256<uint> w3);
        uint word = (field % ValuesPerBlock) switch { 0 => w0[0], 1 => w1[0], 2 => w2[0], _ => w3[0] };
        return word / 4294967296.0;
    }
}
