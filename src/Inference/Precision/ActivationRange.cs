namespace GanPipeline.Inference;

/// <summary>How a value is written in 8 bits: the real number is (integer - ZeroPoint) * Scale.</summary>
internal readonly record struct Quantization(float Scale, byte ZeroPoint);

/// <summary>
/// The range of a value over calibration inputs, and from it the quantization of the least expected squared error: a wider range clips
/// less, a narrower one rounds less.
/// </summary>
internal sealed class ActivationRange
{
    private const int Levels = 255;
    private const int Bins = 2048;
    private const int Candidates = 64;
    private const double Narrowest = 0.2;

    private readonly long[] _counts = new long[Bins];
    private float _low, _high;

    /// <summary>The first pass: the least and the largest value. Zero is always in the range: padding needs it.</summary>
    public void Widen(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            _low = Math.Min(_low, value);
            _high = Math.Max(_high, value);
        }
    }

    /// <summary>The second pass: how often which values occur.</summary>
    public void Count(ReadOnlySpan<float> values)
    {
        var scale = Bins / Math.Max(_high - _low, float.Epsilon);
        foreach (var value in values) _counts[Math.Clamp((int)((value - _low) * scale), 0, Bins - 1)]++;
    }

    public Quantization Best()
    {
        // A value that is zero everywhere.
        if (_high == _low) return new(1, 0);
        var best = Enumerable.Range(0, Candidates)
            .Select(i => 1 - (1 - Narrowest) * i / Candidates)
            .MinBy(share => Error(_low * share, _high * share));
        return Of(_low * best, _high * best);
    }

    private static Quantization Of(double low, double high)
    {
        var scale = (high - low) / Levels;
        return new((float)scale, (byte)Math.Clamp(Math.Round(-low / scale), 0, Levels));
    }

    private double Error(double low, double high)
    {
        var step = (high - low) / Levels;
        var width = (_high - (double)_low) / Bins;
        var sum = 0.0;
        for (var i = 0; i < Bins; i++)
        {
            if (_counts[i] == 0) continue;
            var value = _low + (i + 0.5) * width;
            var beyond = value < low ? low - value : Math.Max(0, value - high);
            sum += _counts[i] * (beyond > 0 ? beyond * beyond : step * step / 12);
        }
        return sum;
    }
}
