using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>What all rows and cursors of this assembly do alike.</summary>
internal static class Rows
{
    public static ValueGetter<TValue> Cast<TValue>(Delegate? getter, DataViewSchema.Column column) => getter switch
    {
        ValueGetter<TValue> typed => typed,
        null => throw new InvalidOperationException(
            $"Column '{column.Name}' is not active: it was not among the columns that the cursor was asked for."),
        _ => throw new InvalidOperationException(
            $"Column '{column.Name}' is of type {column.Type}: its getter is one of {column.Type.RawType}, not of {typeof(TValue)}."),
    };

    public static void Copy(ReadOnlySpan<float> values, ref VBuffer<float> destination)
    {
        var editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>The values of a row into memory that all rows of a batch share.</summary>
    /// <exception cref="InvalidOperationException">The vector has another length than its column's type says.</exception>
    public static void Stage(in VBuffer<float> vector, Span<float> destination, string column)
    {
        if (vector.Length != destination.Length)
        {
            throw new InvalidOperationException(
                $"Column '{column}' has a vector of {vector.Length} values in a row; its type says {destination.Length}.");
        }
        vector.CopyTo(destination);
    }

    public static InvalidOperationException NotAtRow() =>
        new("The cursor is not at a row: call MoveNext first, and no getter after it returned false.");

    /// <summary>Which columns of a schema are among those needed, by index.</summary>
    public static bool[] Active(DataViewSchema schema, IEnumerable<DataViewSchema.Column> needed)
    {
        ArgumentNullException.ThrowIfNull(needed);
        var active = new bool[schema.Count];
        foreach (var column in needed) active[column.Index] = true;
        return active;
    }
}
