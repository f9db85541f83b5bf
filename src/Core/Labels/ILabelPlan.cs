using System.Runtime.Intrinsics;

namespace GanPipeline;

/// <summary>Which label each image of a series gets; the label vector of an image depends on the seed and its index alone.</summary>
internal interface ILabelPlan
{
    /// <summary>Labels in the cycle: those requested, or the values of the only field; 1 if all values are drawn.</summary>
    int Count { get; }

    /// <summary>
    /// Label vectors of images <paramref name="first"/>, <paramref name="first"/> + 1, ... one behind the other.
    /// </summary>
    void Fill(long seed, long first, Span<float> vectors);
}

/// <summary>What a label plan draws.</summary>
internal static class LabelDraw
{
    // The latents of a seed have 0 in the counter's last word.
    private const uint Stream = 1;

    private const int ValuesPerBlock = 4;

    /// <summary>A number in [0, 1) for one field of one image.</summary>
    public static double Uniform(long seed, long image, int field)
    {
        Philox.Blocks((uint)seed, (uint)(seed >> 32),
            Vector256.Create((uint)(field / ValuesPerBlock)), Vector256.Create((uint)image),
                Vector256.Create((uint)(image >> 32)), Vector256.Create(Stream),
            out var w0, out var w1, out var w2, out var w3);
        var word = (field % ValuesPerBlock) switch { 0 => w0[0], 1 => w1[0], 2 => w2[0], _ => w3[0] };
        return word / 4294967296.0;
    }
}
