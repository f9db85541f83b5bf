using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML.Training;

/// <summary>A view whose features are sparse: without the zeros.</summary>
internal sealed class SparseView(IDataView source) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. source.GetRowCursorSet(columnsNeeded, n, rand).Select(cursor => new Cursor(cursor))];

    private sealed class Cursor(DataViewRowCursor source) : DataViewRowCursor
    {
        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool MoveNext() => source.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var getter = source.GetGetter<TValue>(column);
            if (getter is not ValueGetter<VBuffer<float>> vectors) return getter;
            VBuffer<float> dense = default;
            ValueGetter<VBuffer<float>> sparse = (ref VBuffer<float> value) =>
            {
                vectors(ref dense);
                var items = dense.Items().Where(item => item.Value != 0).ToArray();
                value = new(dense.Length, items.Length, [.. items.Select(item => item.Value)], [.. items.Select(item => item.Key)]);
            };
            return (ValueGetter<TValue>)(object)sparse;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) source.Dispose();
            base.Dispose(disposing);
        }
    }
}
