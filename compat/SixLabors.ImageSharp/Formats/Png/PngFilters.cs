namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The five row filters of PNG (ISO/IEC 15948, 9).</summary>
internal static class PngFilters
{
    public const int None = 0, Sub = 1, Up = 2, Average = 3, Paeth = 4;

    /// <summary>Turns a filtered row into the row itself, in place.</summary>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        switch (filter)
        {
            case None:
                return;
            case Sub:
                for (var i = distance; i < row.Length; i++) row[i] += row[i - distance];
                return;
            case Up:
                for (var i = 0; i < row.Length; i++) row[i] += above[i];
                return;
            case Average:
                for (var i = 0; i < row.Length; i++) row[i] += (byte)(((i >= distance ? row[i - distance] : 0) + above[i]) / 2);
                return;
            case Paeth:
                for (var i = 0; i < distance; i++) row[i] += above[i];
                for (var i = distance; i < row.Length; i++) row[i] += Predict(row[i - distance], above[i], above[i - distance]);
                return;
            default:
                throw new InvalidImageContentException($"The PNG picture is damaged: there is no row filter {filter}.");
        }
    }

    /// <summary>Filters a row in the one of four ways whose bytes are smallest, which compresses well, and returns it.</summary>
    public static int Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> best, Span<byte> trial)
    {
        row.CopyTo(best);
        var (filter, cost) = (None, Cost(row));
        for (var candidate = Sub; candidate <= Paeth && cost > 0; candidate++)
        {
            if (candidate == Average) continue;
            Apply(candidate, row, above, distance, trial);
            var candidateCost = Cost(trial);
            if (candidateCost >= cost) continue;
            (filter, cost) = (candidate, candidateCost);
            trial.CopyTo(best);
        }
        return filter;
    }

    private static void Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> filtered)
    {
        switch (filter)
        {
            case Sub:
                row[..distance].CopyTo(filtered);
                for (var i = distance; i < row.Length; i++) filtered[i] = (byte)(row[i] - row[i - distance]);
                return;
            case Up:
                for (var i = 0; i < row.Length; i++) filtered[i] = (byte)(row[i] - above[i]);
                return;
            default:
                for (var i = 0; i < distance; i++) filtered[i] = (byte)(row[i] - above[i]);
                for (var i = distance; i < row.Length; i++)
                    filtered[i] = (byte)(row[i] - Predict(row[i - distance], above[i], above[i - distance]));
                return;
        }
    }

    private static byte Predict(int left, int above, int aboveLeft)
    {
        var toLeft = Math.Abs(above - aboveLeft);
        var toAbove = Math.Abs(left - aboveLeft);
        var toAboveLeft = Math.Abs(left + above - 2 * aboveLeft);
        return (byte)(toLeft <= toAbove && toLeft <= toAboveLeft ? left : toAbove <= toAboveLeft ? above : aboveLeft);
    }

    private static long Cost(ReadOnlySpan<byte> row)
    {
        long sum = 0;
        foreach (var b in row) sum += Math.Abs((int)(sbyte)b);
        return sum;
    }
}
