namespace Microsoft.ML.Data;

/// <summary>Reads the usual annotations of columns.</summary>
public static class SchemaAnnotationsExtensions
{
    internal const string SlotNames = "SlotNames";
    internal const string KeyValues = "KeyValues";
    internal const string NormalizedFlag = "IsNormalized";

    /// <summary>Whether the slots of a vector of fixed size have names.</summary>
    public static bool HasSlotNames(this DataViewSchema.Column column) => column.Type is VectorDataViewType { IsKnownSize: true } vector
        && column.Annotations.Schema.GetColumnOrNull(SlotNames)?.Type is VectorDataViewType names
        && names.Size == vector.Size && names.ItemType is TextDataViewType;

    /// <summary>The names of a vector's slots.</summary>
    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames) =>
        column.Annotations.GetValue(SlotNames, ref slotNames);

    /// <summary>Whether it is known what the keys of a column stand for: values of the given type, or of any.</summary>
    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType keyValueItemType = null) =>
        column.Type.ItemType() is KeyDataViewType && column.Annotations.Schema.GetColumnOrNull(KeyValues)?.Type is VectorDataViewType values
        && (keyValueItemType is null || values.ItemType.Equals(keyValueItemType));

    /// <summary>What the keys of a column stand for, that of key 1 first.</summary>
    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues) =>
        column.Annotations.GetValue(KeyValues, ref keyValues);

    /// <summary>Whether the column is known to be normalised.</summary>
    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        var value = false;
        if (column.Annotations.Schema.GetColumnOrNull(NormalizedFlag)?.Type is BooleanDataViewType)
            column.Annotations.GetValue(NormalizedFlag, ref value);
        return value;
    }
}
