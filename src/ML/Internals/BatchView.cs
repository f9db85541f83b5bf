using Microsoft.ML;

namespace GanPipeline.ML.Internals;

/// <summary>A view with a column that a model makes in batches.</summary>
internal sealed class BatchView(IDataView source, BatchMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        bool[] active = Rows.Active(Schema, columnsNeeded);
        return mapper.GetCursor(source.GetRowCursor(Rows.Select(source.Schema, mapper.Needed(active)), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        bool[] active = Rows.Active(Schema, columnsNeeded);
        return [.. source.GetRowCursorSet(Rows.Select(source.Schema, mapper.Needed(active)), n, rand).Select(cursor => mapper.GetCursor(cursor, active))];
    }
}
