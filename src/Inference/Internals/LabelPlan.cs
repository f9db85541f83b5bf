using System.Runtime.Intrinsics;
using GanPipeline.Data;

namespace GanPipeline.Inference.Internals;

/// <summary>
/// Which label each image of a series gets. What is asked for goes round, image i of n labels getting label i mod n. Without a request the
/// values of a single field go round; several fields, and those that a request leaves open, are drawn uniformly by (seed, i), the same
/// whatever the batch.
/// </summary>
internal sealed class LabelPlan
{
    // The latents of a seed have 0 in the counter's last word.
    private const uint Stream = 1;

    private const int ValuesPerBlock = 4;
    private readonly LabelLayout layout;

    // A value for each field; NaN is drawn.
    private readonly float[][] round;

    public LabelPlan(LabelLayout layout, IReadOnlyList<string>? labels)
    {
        this.layout = layout;
        if (labels is { Count: > 0 }) round = [.. labels.Select(layout.Parse)];
        else if (layout.Fields is [{ Choices: > 0 and var choices }]) round = [.. Enumerable.Range(0, choices).Select(value => new[] { (float)value })];
        else round = [[.. layout.Fields.Select(_ => float.NaN)]];
    }

    /// <summary>How many labels go round: asked for, or values of the only field; 1 where each image's is drawn.</summary>
    public int Count => round.Length;

    /// <summary>Label vectors of images <paramref name="first"/>, <paramref name="first"/> + 1, ... [N, <see cref="LabelLayout.Size"/>].</summary>
    public void Fill(long seed, long first, Span<float> vectors)
    {
        for (int done = 0; done < vectors.Length; done += layout.Size, first++) Fill(seed, first, round[first % Count], vectors.Slice(done, layout.Size));
    }

    private void Fill(long seed, long image, float[] label, Span<float> vector)
    {
        Span<float> values = stackalloc float[label.Length];
        for (int i = 0; i < values.Length; i++) values[i] = float.IsNaN(label[i]) ? Draw(layout.Fields[i], Uniform(seed, image, i)) : label[i];
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
