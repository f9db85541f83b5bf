using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The values that keys stand for, in order: the first is that of key 1.</summary>
internal abstract class KeyValues
{
    internal abstract PrimitiveDataViewType ItemType { get; }

    internal abstract int Count { get; }

    /// <summary>A type of keys for these values. A key has at least one value, so none of them counts as one.</summary>
    internal KeyDataViewType KeyType => new(typeof(uint), Math.Max(Count, 1));

    internal VectorDataViewType AnnotationType => new(ItemType, Count);

    /// <summary>The values as an annotation.</summary>
    internal abstract void AddTo(DataViewSchema.Annotations.Builder builder, string kind = SchemaAnnotationsExtensions.KeyValues);

    /// <summary>The values in words.</summary>
    internal abstract KeyValues AsText();

    /// <summary>A getter of the keys of a column's values; 0 for those that are missing or not among the values.</summary>
    internal abstract ValueGetter<uint> ToKeys(DataViewRow row, DataViewSchema.Column input);

    /// <summary>A getter of the values of a column's keys; the type's missing value for 0.</summary>
    internal abstract Delegate ToValues(DataViewRow row, DataViewSchema.Column input);

    internal abstract void Save(BinaryWriter writer);

    internal static KeyValues Load(BinaryReader reader)
    {
        var type = KeyValueTypes.Read(reader);
        var texts = new string[reader.ReadInt32()];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.ReadString();
        return Call(nameof(Parse), type, [texts]);
    }

    /// <summary>The values of a column of keys; null where it is none, or its keys stand for nothing.</summary>
    internal static KeyValues Of(DataViewSchema.Column column)
    {
        if (column.Type is not KeyDataViewType
            || column.Annotations.Schema.GetColumnOrNull(SchemaAnnotationsExtensions.KeyValues) is not { } annotation) return null;
        return annotation.Type is VectorDataViewType { ItemType: var item } && KeyValueTypes.Holds(item)
            ? Call(nameof(Read), item.RawType, column) : null;
    }

    /// <summary>The values of a column, for keys to be made of them.</summary>
    internal static KeyValuesBuilder Builder(DataViewSchema.Column column) =>
        (KeyValuesBuilder)Activator.CreateInstance(typeof(KeyValuesBuilder<>).MakeGenericType(column.Type.RawType));

    private static KeyValues Call(string method, Type type, params object[] arguments) => RowGetters.Call<KeyValues>(
        typeof(KeyValues).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic), type, arguments);

    private static KeyValues<T> Parse<T>(string[] texts) => new(Array.ConvertAll(texts, KeyValueTypes.Parse<T>));

    private static KeyValues<T> Read<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.Annotations.GetValue(SchemaAnnotationsExtensions.KeyValues, ref values);
        return new([.. values.DenseValues()]);
    }
}

/// <inheritdoc cref="KeyValues"/>
internal sealed class KeyValues<T>(T[] values) : KeyValues
{
    private readonly Lazy<Dictionary<T, uint>> keys = new(() =>
    {
        var keys = new Dictionary<T, uint>(KeyValueTypes.Comparer<T>());
        for (var i = 0; i < values.Length; i++) keys.TryAdd(values[i], (uint)i + 1);
        return keys;
    });

    internal override PrimitiveDataViewType ItemType => ColumnTypes.OfValue(typeof(T));

    internal override int Count => values.Length;

    internal override void AddTo(DataViewSchema.Annotations.Builder builder, string kind) =>
        builder.Add(kind, AnnotationType, (ref VBuffer<T> destination) => new VBuffer<T>(values.Length, values).CopyTo(ref destination));

    internal override KeyValues AsText() => this as KeyValues<ReadOnlyMemory<char>>
        ?? (KeyValues)new KeyValues<ReadOnlyMemory<char>>(Array.ConvertAll(values, value => KeyValueTypes.ToText(value).AsMemory()));

    internal override ValueGetter<uint> ToKeys(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = row.GetGetter<T>(input);
        T value = default;
        return (ref uint key) =>
        {
            getter(ref value);
            key = keys.Value.GetValueOrDefault(value);
        };
    }

    internal override Delegate ToValues(DataViewRow row, DataViewSchema.Column input)
    {
        var getter = row.GetGetter<uint>(input);
        uint key = 0;
        ValueGetter<T> valueGetter = (ref T value) =>
        {
            getter(ref key);
            value = key == 0 || key > values.Length ? KeyValueTypes.Missing<T>() : values[key - 1];
        };
        return valueGetter;
    }

    internal override void Save(BinaryWriter writer)
    {
        KeyValueTypes.Write(writer, typeof(T));
        writer.Write(values.Length);
        foreach (var value in values) writer.Write(KeyValueTypes.ToText(value));
    }
}
