using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Makes views, and views of views.</summary>
public sealed partial class DataOperationsCatalog
{
    internal DataOperationsCatalog(MLContext context) => Context = context;

    internal MLContext Context { get; }

    /// <summary>
    /// Objects as rows, their public fields and properties as columns. A list's rows can be taken in any order; any other sequence
    /// is enumerated anew by each cursor, and must give the same objects each time.
    /// </summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableView<TRow>(data, RowBinding<TRow>.Create(SchemaDefinition.Direction.Read, schemaDefinition));
    }

    /// <summary>Objects as rows, the columns of the types and with the annotations that the schema gives them.</summary>
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema) where TRow : class
    {
        ArgumentNullException.ThrowIfNull(data);
        return new EnumerableView<TRow>(data, RowBinding<TRow>.Create(SchemaDefinition.Direction.Read, schema));
    }

    /// <summary>Rows as objects, read as they are enumerated.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or does not fit its field or property.</exception>
    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null) where TRow : class, new()
    {
        ArgumentNullException.ThrowIfNull(data);
        var binding = RowBinding<TRow>.Create(SchemaDefinition.Direction.Write, schemaDefinition);
        return new ViewEnumerable<TRow>(data, binding, ignoreMissingColumns, reuseRowObject);
    }

    /// <summary>The first rows. Those after them are never computed.</summary>
    public IDataView TakeRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new SkipTakeView(input, 0, count);
    }

    /// <summary>The rows after the first ones.</summary>
    public IDataView SkipRows(IDataView input, long count)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new SkipTakeView(input, count, long.MaxValue);
    }

    /// <summary>
    /// The rows in a random order, drawn from a pool which the following ones fill up; where the view can shuffle its rows itself,
    /// it is asked to, unless <paramref name="shuffleSource"/> is false.
    /// </summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shufflePoolSize);
        return new ShuffleView(input, seed ?? Context.NextSeed(), shufflePoolSize, shuffleSource);
    }

    /// <summary>Keeps each column in memory from the first time that it is read; the named ones as soon as one of them is.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new CacheView(input, [.. (columnsToPrefetch ?? []).Select(name => input.Schema.Input(name, "prefetch"))]);
    }
}
