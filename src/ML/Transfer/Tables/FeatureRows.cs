using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>All rows of a table, or some of them in an order of their own, as a data view.</summary>
internal sealed class FeatureRows : IDataView
{
    /// <summary>Rows that one cursor of a set takes at a time.</summary>
    private const int Batch = 64;

    private readonly FeatureTable _table;
    private readonly int[]? _chosen;

    public FeatureRows(FeatureTable table, int[]? chosen)
    {
        (_table, _chosen) = (table, chosen);
        Schema = MakeSchema(table.Info);
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => true;

    public int Count => _chosen?.Length ?? _table.Count;

    public long? GetRowCount() => Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new FeatureCursor(_table, Schema, columnsNeeded, Order(rand), Count, 0, 1, Batch);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var order = Order(rand);
        var columns = columnsNeeded.ToArray();
        var cursors = Math.Clamp((Count + Batch - 1) / Batch, 1, Math.Max(1, n));
        return [.. Enumerable.Range(0, cursors).Select(i => new FeatureCursor(_table, Schema, columns, order, Count, i, cursors, Batch))];
    }

    private int[]? Order(Random? random)
    {
        if (random is null) return _chosen;
        int[] order = [.. _chosen ?? Enumerable.Range(0, _table.Count)];
        random.Shuffle(order);
        return order;
    }

    private static DataViewSchema MakeSchema(FeatureTableInfo info)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn(FeatureTable.FeaturesColumn, new VectorDataViewType(NumberDataViewType.Single, info.Columns));
        if (info.Classes.Count == 0) return schema.ToSchema();
        var names = info.Classes.Select(c => c.AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names]));
        schema.AddColumn(FeatureTable.LabelColumn, new KeyDataViewType(typeof(uint), names.Length), annotations.ToAnnotations());
        return schema.ToSchema();
    }
}
