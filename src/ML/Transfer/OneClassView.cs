using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// The rows of a table as a trainer of two classes reads them: the features, and for a label whether the row is of one class. A row without
/// a label is of no class.
/// </summary>
internal sealed class OneClassView : IDataView
{
    private readonly IDataView _rows;
    private readonly DataViewSchema.Column _features, _label;
    private readonly uint _key;

    /// <summary>Of rows with the columns <c>Features</c> and <c>Label</c>, a key.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="label">The class, from 0.</param>
    public OneClassView(IDataView rows, int label)
    {
        (_rows, _key) = (rows, (uint)label + 1);
        (_features, _label) = (rows.Schema[FeatureTable.FeaturesColumn], rows.Schema[FeatureTable.LabelColumn]);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(_features.Name, _features.Type);
        schema.AddColumn(_label.Name, BooleanDataViewType.Instance);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => _rows.CanShuffle;

    public long? GetRowCount() => _rows.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded) active[column.Index] = true;
        var needed = new[] { _features, _label }.Where((_, i) => active[i]);
        return new Cursor(this, _rows.GetRowCursor(needed, rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(OneClassView view, DataViewRowCursor rows, bool[] active) : DataViewRowCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Position => rows.Position;

        public override long Batch => rows.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override bool MoveNext() => rows.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => rows.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (column.Index == 0) return rows.GetGetter<TValue>(view._features);
            var key = rows.GetGetter<uint>(view._label);
            uint value = 0;
            ValueGetter<bool> label = (ref bool isOf) =>
            {
                key(ref value);
                isOf = value == view._key;
            };
            return label as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"The column '{column.Name}' holds Boolean values, not {typeof(TValue)}.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
