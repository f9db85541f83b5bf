using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Reads single columns.</summary>
public static class ColumnCursorExtensions
{
    private static readonly MethodInfo ArraysMethod =
        typeof(ColumnCursorExtensions).GetMethod(nameof(Arrays), BindingFlags.Static | BindingFlags.NonPublic);

    /// <inheritdoc cref="GetColumn{T}(IDataView, DataViewSchema.Column)"/>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.GetColumn<T>(data.Schema.Input(columnName));
    }

    /// <summary>The values of a column, read as they are enumerated.</summary>
    /// <typeparam name="T">
    /// The column's raw type, a string for text, or an array for vectors. The next row's <see cref="VBuffer{T}"/> reuses this one's memory.
    /// </typeparam>
    /// <exception cref="ArgumentOutOfRangeException">The column's values are of another type.</exception>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        ArgumentNullException.ThrowIfNull(data);
        var raw = column.Type.RawType;
        if (typeof(T) == raw) return Values<T, T>(data, column, value => value);
        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
            return (IEnumerable<T>)Values<ReadOnlyMemory<char>, string>(data, column, text => text.ToString());
        if (typeof(T) == typeof(string[]) && column.Type.ItemType() is TextDataViewType && column.Type is VectorDataViewType)
            return (IEnumerable<T>)Values(data, column, (VBuffer<ReadOnlyMemory<char>> vector) => StringArray(vector));
        if (typeof(T).IsArray && column.Type is VectorDataViewType && typeof(T).GetElementType() == column.Type.ItemType().RawType)
            return RowGetters.Call<IEnumerable<T>>(ArraysMethod, typeof(T).GetElementType(), data, column);
        throw SchemaErrors.Mismatch("input", column.Name, typeof(T).ToString(), column.Type.ToString());
    }

    private static string[] StringArray(VBuffer<ReadOnlyMemory<char>> vector) => [.. vector.DenseValues().Select(text => text.ToString())];

    private static IEnumerable<T[]> Arrays<T>(IDataView data, DataViewSchema.Column column) =>
        Values<VBuffer<T>, T[]>(data, column, vector =>
    {
        var array = new T[vector.Length];
        vector.CopyTo(array);
        return array;
    });

    private static IEnumerable<TResult> Values<T, TResult>(IDataView data, DataViewSchema.Column column, Func<T, TResult> convert)
    {
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        T value = default;
        while (cursor.MoveNext())
        {
            getter(ref value);
            yield return convert(value);
        }
    }
}
