namespace GanPipeline.Data;

/// <summary>For each place of a resized row or column, the places of the picture that it is mixed from, and their shares.</summary>
internal sealed class ResizeFilter
{
    private readonly int[] _first;
    private readonly float[][] _shares;

    /// <param name="from">The first place of the part of the picture that is resized.</param>
    /// <param name="length">The part's length.</param>
    /// <param name="to">The length that it gets.</param>
    public ResizeFilter(int from, int length, int to)
    {
        (_first, _shares) = (new int[to], new float[to][]);
        var scale = (double)length / to;
        var reach = Math.Max(1, scale);
        for (var i = 0; i < to; i++)
        {
            var middle = (i + 0.5) * scale;
            var first = Math.Max(0, (int)Math.Floor(middle - reach));
            var last = Math.Min(length - 1, (int)Math.Ceiling(middle + reach) - 1);
            var shares = new double[last - first + 1];
            for (var j = 0; j < shares.Length; j++) shares[j] = Math.Max(0, 1 - Math.Abs(first + j + 0.5 - middle) / reach);
            var sum = shares.Sum();
            _first[i] = from + first;
            _shares[i] = [.. shares.Select(s => (float)(s / sum))];
        }
    }

    /// <summary>The number of resized places.</summary>
    public int Length => _first.Length;

    /// <summary>The first place that resized place <paramref name="i"/> is mixed from. It never falls from one to the next.</summary>
    public int First(int i) => _first[i];

    /// <summary>The shares of that place and those behind it.</summary>
    public ReadOnlySpan<float> Shares(int i) => _shares[i];
}
