using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Trainers;

/// <summary>
/// The two inner loops of a linear classifier's pass over rows, each on a tile that stays in registers: the scores of two rows for five
/// classes, and the gradient of five classes from four rows. Callers pad classes and rows to whole tiles.
/// </summary>
internal static class LinearKernels
{
    /// <summary>Classes of a tile.</summary>
    public const int Classes = 5;

    /// <summary>Rows of a tile of the gradient; of the scores half as many.</summary>
    public const int Rows = 4;

    /// <summary>Adds to each score the dot product of its row with its class's weights.</summary>
    /// <param name="x0">A row.</param>
    /// <param name="x1">Another row, of the same length.</param>
    /// <param name="w">The first class's weights for these features; the next class's lie <paramref name="stride"/> further.</param>
    /// <param name="stride">From a class's weights to the next class's.</param>
    /// <param name="s0">The first row's scores, one a class.</param>
    /// <param name="s1">The second row's scores.</param>
    public static void AddScores(ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> w, int stride, Span<double> s0,
        Span<double> s1)
    {
        var length = x0.Length;
        ref var p0 = ref MemoryMarshal.GetReference(x0);
        ref var p1 = ref MemoryMarshal.GetReference(x1[..length]);
        ref var w0 = ref MemoryMarshal.GetReference(w[..length]);
        ref var w1 = ref MemoryMarshal.GetReference(w.Slice(stride, length));
        ref var w2 = ref MemoryMarshal.GetReference(w.Slice(2 * stride, length));
        ref var w3 = ref MemoryMarshal.GetReference(w.Slice(3 * stride, length));
        ref var w4 = ref MemoryMarshal.GetReference(w.Slice(4 * stride, length));
        Vector<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default;
        Vector<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default;
        nuint i = 0, width = (nuint)Vector<float>.Count, whole = (nuint)length / width * width;
        for (; i < whole; i += width)
        {
            var a = Vector.LoadUnsafe(ref p0, i);
            var b = Vector.LoadUnsafe(ref p1, i);
            var v = Vector.LoadUnsafe(ref w0, i);
            a0 = Vector.FusedMultiplyAdd(a, v, a0);
            b0 = Vector.FusedMultiplyAdd(b, v, b0);
            v = Vector.LoadUnsafe(ref w1, i);
            a1 = Vector.FusedMultiplyAdd(a, v, a1);
            b1 = Vector.FusedMultiplyAdd(b, v, b1);
            v = Vector.LoadUnsafe(ref w2, i);
            a2 = Vector.FusedMultiplyAdd(a, v, a2);
            b2 = Vector.FusedMultiplyAdd(b, v, b2);
            v = Vector.LoadUnsafe(ref w3, i);
            a3 = Vector.FusedMultiplyAdd(a, v, a3);
            b3 = Vector.FusedMultiplyAdd(b, v, b3);
            v = Vector.LoadUnsafe(ref w4, i);
            a4 = Vector.FusedMultiplyAdd(a, v, a4);
            b4 = Vector.FusedMultiplyAdd(b, v, b4);
        }
        s0[4] += Vector.Sum(a4);
        s0[3] += Vector.Sum(a3);
        s0[2] += Vector.Sum(a2);
        s0[1] += Vector.Sum(a1);
        s0[0] += Vector.Sum(a0);
        s1[4] += Vector.Sum(b4);
        s1[3] += Vector.Sum(b3);
        s1[2] += Vector.Sum(b2);
        s1[1] += Vector.Sum(b1);
        s1[0] += Vector.Sum(b0);
        for (var j = (int)whole; j < length; j++)
        {
            for (var k = 0; k < Classes; k++)
            {
                s0[k] += x0[j] * w[k * stride + j];
                s1[k] += x1[j] * w[k * stride + j];
            }
        }
    }

    /// <summary>
    /// Adds to the gradient <c>g</c> of each class the rows <c>x0</c> to <c>x3</c>, which are of one length, each times its factor <c>d</c> for
    /// the class. The first row's factors come first, one a class; the next row's lie <c>factors</c> further. The first class's gradient
    /// comes first; the next class's lies <c>stride</c> further.
    /// </summary>
    public static void AddGradient(ReadOnlySpan<float> x0, ReadOnlySpan<float> x1, ReadOnlySpan<float> x2, ReadOnlySpan<float> x3,
        ReadOnlySpan<float> d, int factors, Span<float> g, int stride)
    {
        var length = x0.Length;
        ref var p0 = ref MemoryMarshal.GetReference(x0);
        ref var p1 = ref MemoryMarshal.GetReference(x1[..length]);
        ref var p2 = ref MemoryMarshal.GetReference(x2[..length]);
        ref var p3 = ref MemoryMarshal.GetReference(x3[..length]);
        ReadOnlySpan<float> d0 = d[..Classes], d1 = d.Slice(factors, Classes), d2 = d.Slice(2 * factors, Classes),
            d3 = d.Slice(3 * factors, Classes);
        nuint width = (nuint)Vector<float>.Count, whole = (nuint)length / width * width;
        ref var g0 = ref MemoryMarshal.GetReference(g[..length]);
        ref var g1 = ref MemoryMarshal.GetReference(g.Slice(stride, length));
        ref var g2 = ref MemoryMarshal.GetReference(g.Slice(2 * stride, length));
        ref var g3 = ref MemoryMarshal.GetReference(g.Slice(3 * stride, length));
        ref var g4 = ref MemoryMarshal.GetReference(g.Slice(4 * stride, length));
        Vector<float> a0 = new(d0[0]), a1 = new(d0[1]), a2 = new(d0[2]), a3 = new(d0[3]), a4 = new(d0[4]);
        Vector<float> b0 = new(d1[0]), b1 = new(d1[1]), b2 = new(d1[2]), b3 = new(d1[3]), b4 = new(d1[4]);
        Vector<float> c0 = new(d2[0]), c1 = new(d2[1]), c2 = new(d2[2]), c3 = new(d2[3]), c4 = new(d2[4]);
        Vector<float> e0 = new(d3[0]), e1 = new(d3[1]), e2 = new(d3[2]), e3 = new(d3[3]), e4 = new(d3[4]);
        for (nuint i = 0; i < whole; i += width)
        {
            var x = Vector.LoadUnsafe(ref p0, i);
            var t0 = Vector.FusedMultiplyAdd(x, a0, Vector.LoadUnsafe(ref g0, i));
            var t1 = Vector.FusedMultiplyAdd(x, a1, Vector.LoadUnsafe(ref g1, i));
            var t2 = Vector.FusedMultiplyAdd(x, a2, Vector.LoadUnsafe(ref g2, i));
            var t3 = Vector.FusedMultiplyAdd(x, a3, Vector.LoadUnsafe(ref g3, i));
            var t4 = Vector.FusedMultiplyAdd(x, a4, Vector.LoadUnsafe(ref g4, i));
            x = Vector.LoadUnsafe(ref p1, i);
            t0 = Vector.FusedMultiplyAdd(x, b0, t0);
            t1 = Vector.FusedMultiplyAdd(x, b1, t1);
            t2 = Vector.FusedMultiplyAdd(x, b2, t2);
            t3 = Vector.FusedMultiplyAdd(x, b3, t3);
            t4 = Vector.FusedMultiplyAdd(x, b4, t4);
            x = Vector.LoadUnsafe(ref p2, i);
            t0 = Vector.FusedMultiplyAdd(x, c0, t0);
            t1 = Vector.FusedMultiplyAdd(x, c1, t1);
            t2 = Vector.FusedMultiplyAdd(x, c2, t2);
            t3 = Vector.FusedMultiplyAdd(x, c3, t3);
            t4 = Vector.FusedMultiplyAdd(x, c4, t4);
            x = Vector.LoadUnsafe(ref p3, i);
            Vector.FusedMultiplyAdd(x, e0, t0).StoreUnsafe(ref g0, i);
            Vector.FusedMultiplyAdd(x, e1, t1).StoreUnsafe(ref g1, i);
            Vector.FusedMultiplyAdd(x, e2, t2).StoreUnsafe(ref g2, i);
            Vector.FusedMultiplyAdd(x, e3, t3).StoreUnsafe(ref g3, i);
            Vector.FusedMultiplyAdd(x, e4, t4).StoreUnsafe(ref g4, i);
        }
        for (var j = (int)whole; j < length; j++)
            for (var k = 0; k < Classes; k++)
                g[k * stride + j] += d0[k] * x0[j] + d1[k] * x1[j] + d2[k] * x2[j] + d3[k] * x3[j];
    }
}
