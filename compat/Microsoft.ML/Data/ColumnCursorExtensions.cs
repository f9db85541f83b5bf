namespace Microsoft.ML.Data;

/// <summary>Reads single columns.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName) => throw new NotImplementedException();

    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column) => throw new NotImplementedException();
}
