namespace Microsoft.ML.Data;

/// <summary>The order in which cursors take the rows of a view that can be read anywhere.</summary>
internal static class RowOrder
{
    private const int RowsOfBatch = 64;

    /// <summary>All rows, for one cursor.</summary>
    internal static IEnumerable<(int Row, long Batch)> Of(int count, Random random) => Split(count, 1, random)[0];

    /// <summary>All rows, shared among cursors batch by batch.</summary>
    /// <param name="count">The number of rows.</param>
    /// <param name="n">The number of cursors; fewer where there are too few rows.</param>
    /// <param name="random">Shuffles the rows; null leaves them in order.</param>
    internal static IEnumerable<(int Row, long Batch)>[] Split(int count, int n, Random random)
    {
        var batches = (count + RowsOfBatch - 1) / RowsOfBatch;
        var cursors = Math.Clamp(n, 1, Math.Max(1, batches));
        int[] order = null;
        if (random is not null)
        {
            order = [.. Enumerable.Range(0, count)];
            random.Shuffle(order);
        }
        return [.. Enumerable.Range(0, cursors).Select(cursor => Rows(cursor))];

        IEnumerable<(int, long)> Rows(int cursor)
        {
            for (var batch = cursor; batch < batches; batch += cursors)
                for (var i = batch * RowsOfBatch; i < Math.Min(count, (batch + 1) * RowsOfBatch); i++) yield return (order?[i] ?? i, batch);
        }
    }
}
