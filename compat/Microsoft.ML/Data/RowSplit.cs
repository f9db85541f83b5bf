using System.Reflection;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>
/// Shares rows out by chance: each row has a number in [0, 1) that depends on the seed and on the row's identifier, or on its
/// value in a column, so that rows of equal value stay together. The number is the same from every cursor.
/// </summary>
internal sealed class RowSplit
{
    private static readonly MethodInfo OfKeyMethod =
        typeof(RowSplit).GetMethod(nameof(OfKey), BindingFlags.Static | BindingFlags.NonPublic);

    private readonly IDataView data;
    private readonly ulong seed;
    private readonly DataViewSchema.Column? key;

    internal RowSplit(IDataView data, string keyColumnName, int seed)
    {
        this.data = data;
        this.seed = (ulong)seed;
        key = keyColumnName is null ? null : data.Schema.Input(keyColumnName, "sampling key");
        if (key is { Type: VectorDataViewType } vector)
            throw SchemaErrors.Mismatch("sampling key", keyColumnName, "a scalar", vector.Type.ToString());
    }

    /// <summary>The rows whose number lies in [low, high), or with <paramref name="outside"/> the others.</summary>
    internal IDataView Between(double low, double high, bool outside = false) =>
        new FilterView(data, key is { } column ? [column] : [], row =>
    {
        var next = Numbers(row);
        return () => (next() is var u && u >= low && u < high) != outside;
    });

    private Func<double> Numbers(DataViewRow row)
    {
        var hash = key is { } column
            ? RowGetters.Call<Func<ulong>>(OfKeyMethod, column.Type.RawType, row, row.Schema[column.Index], seed) : OfId(row);
        return () => (hash() >> 11) * (1.0 / (1UL << 53));
    }

    private Func<ulong> OfId(DataViewRow row)
    {
        var getter = row.GetIdGetter();
        DataViewRowId id = default;
        return () =>
        {
            getter(ref id);
            return id.Hash(seed);
        };
    }

    private static Func<ulong> OfKey<T>(DataViewRow row, DataViewSchema.Column column, ulong seed)
    {
        var getter = row.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            getter(ref value);
            // Hash codes of text and identifiers differ from run to run; those of numbers do not.
            return value switch
            {
                DataViewRowId id => id.Hash(seed),
                ReadOnlyMemory<char> text => new DataViewRowId(OfBytes(MemoryMarshal.AsBytes(text.Span)), 0).Hash(seed),
                _ => new DataViewRowId((ulong)value.GetHashCode(), 0).Hash(seed),
            };
        };
    }

    // FNV-1a, 64 bits.
    private static ulong OfBytes(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in bytes) hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }
}
