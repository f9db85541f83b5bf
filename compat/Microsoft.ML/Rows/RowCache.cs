namespace Microsoft.ML.Data;

/// <summary>Does the work that several getters of a row share, once for each row.</summary>
internal sealed class RowCache(DataViewRow row, Action compute)
{
    private long position = long.MinValue;

    internal void Update()
    {
        if (position == row.Position) return;
        compute();
        position = row.Position;
    }
}
