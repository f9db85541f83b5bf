namespace Microsoft.ML.Data;

/// <summary>Collects the values of a column that become keys.</summary>
internal abstract class KeyValuesBuilder
{
    /// <summary>Binds a getter to the column.</summary>
    /// <returns>What takes the current row's value, unless there are as many as that already.</returns>
    internal abstract Action Reader(DataViewRow row, DataViewSchema.Column column, int maximum);

    /// <summary>The values, by occurrence or in ascending order.</summary>
    internal abstract KeyValues Build(bool isSorted);
}

/// <inheritdoc cref="KeyValuesBuilder"/>
internal sealed class KeyValuesBuilder<T> : KeyValuesBuilder
{
    private readonly HashSet<T> known = new(KeyValueTypes.Comparer<T>());
    private readonly List<T> values = [];

    internal override Action Reader(DataViewRow row, DataViewSchema.Column column, int maximum)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            if (values.Count == maximum) return;
            getter(ref value);
            if (KeyValueTypes.IsMissing(value) || known.Contains(value)) return;
            var copy = KeyValueTypes.Copied(value);
            known.Add(copy);
            values.Add(copy);
        };
    }

    internal override KeyValues Build(bool isSorted)
    {
        if (isSorted) values.Sort(KeyValueTypes.Order<T>());
        return new KeyValues<T>([.. values]);
    }
}
