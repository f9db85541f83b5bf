using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A column of classes, by their names: a key with text or numbers as its values, or a text.</summary>
internal sealed class ClassColumn
{
    private readonly DataViewSchema.Column _column;

    private ClassColumn(DataViewSchema.Column column, string[]? names)
    {
        _column = column;
        Names = names;
    }

    /// <summary>The names in the order of the keys; null of a text, whose names are those in the rows.</summary>
    public string[]? Names { get; }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or none of classes with names.</exception>
    public static ClassColumn Of(DataViewSchema schema, string name)
    {
        var column = Schemas.Input(schema, name);
        if (column.Type is TextDataViewType) return new(column, null);
        if (column.Type is KeyDataViewType && NameAnnotations.Read(column.Annotations, "KeyValues") is { } names) return new(column, names);
        throw Schemas.Mismatch(name, "a key with the names of its values (MapValueToKey), or a text", column.Type.ToString()!);
    }

    /// <summary>Reads a row's class; null where it is missing.</summary>
    public Func<string?> Reader(DataViewRow row)
    {
        var column = row.Schema[_column.Index];
        if (Names is null)
        {
            var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                getter(ref text);
                return text.IsEmpty ? null : text.ToString();
            };
        }
        return column.Type.RawType == typeof(byte) ? Key<byte>(v => v) : column.Type.RawType == typeof(ushort) ? Key<ushort>(v => v)
            : column.Type.RawType == typeof(uint) ? Key<uint>(v => v) : Key<ulong>(v => v);

        Func<string?> Key<T>(Func<T, ulong> number)
        {
            var getter = row.GetGetter<T>(column);
            T key = default!;
            return () =>
            {
                getter(ref key);
                return number(key) is > 0 and var place && place <= (ulong)Names.Length ? Names[place - 1] : null;
            };
        }
    }

    /// <summary>A getter that gives a row's own class, or the one of a generated row.</summary>
    /// <param name="row">The row of real data.</param>
    /// <param name="generated">The class of the current generated row; null where the current row is the real one.</param>
    public Delegate Getter(DataViewRow row, Func<string?> generated)
    {
        var raw = _column.Type.RawType;
        if (Names is null) return Either<ReadOnlyMemory<char>>(name => name.AsMemory());
        var places = Names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i + 1);
        return raw == typeof(byte) ? Either(name => (byte)places[name]) : raw == typeof(ushort) ? Either(name => (ushort)places[name])
            : raw == typeof(uint) ? Either(name => (uint)places[name]) : Either(name => (ulong)places[name]);

        Delegate Either<T>(Func<string, T> value)
        {
            var getter = row.GetGetter<T>(row.Schema[_column.Index]);
            return (ValueGetter<T>)((ref T result) =>
            {
                if (generated() is { } name) result = value(name);
                else getter(ref result);
            });
        }
    }
}
