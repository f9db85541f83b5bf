using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>The types whose values keys can stand for: text, numbers, Booleans.</summary>
internal static class KeyValueTypes
{
    internal static bool Holds(DataViewType type) => type is TextDataViewType or NumberDataViewType or BooleanDataViewType;

    /// <summary>Floats that are no number and text that is empty stand for no key.</summary>
    internal static bool IsMissing<T>(T value) => value switch
    {
        float single => float.IsNaN(single),
        double number => double.IsNaN(number),
        ReadOnlyMemory<char> text => text.IsEmpty,
        _ => false,
    };

    internal static T Missing<T>() =>
        typeof(T) == typeof(float) ? (T)(object)float.NaN : typeof(T) == typeof(double) ? (T)(object)double.NaN : default;

    /// <summary>The value in memory of its own.</summary>
    internal static T Copied<T>(T value) => value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : value;

    internal static IEqualityComparer<T> Comparer<T>() => TextComparer.Instance as IEqualityComparer<T> ?? EqualityComparer<T>.Default;

    internal static IComparer<T> Order<T>() => TextComparer.Instance as IComparer<T> ?? System.Collections.Generic.Comparer<T>.Default;

    internal static string ToText<T>(T value) =>
        value is ReadOnlyMemory<char> text ? text.ToString() : Convert.ToString(value, CultureInfo.InvariantCulture);

    internal static T Parse<T>(string text) => typeof(T) == typeof(ReadOnlyMemory<char>)
        ? (T)(object)text.AsMemory()
        : (T)Convert.ChangeType(text, typeof(T), CultureInfo.InvariantCulture);

    internal static void Write(BinaryWriter writer, Type type) =>
        writer.Write((byte)Type.GetTypeCode(type == typeof(ReadOnlyMemory<char>) ? typeof(string) : type));

    internal static Type Read(BinaryReader reader)
    {
        var code = (TypeCode)reader.ReadByte();
        return code == TypeCode.String ? typeof(ReadOnlyMemory<char>)
            : Type.GetType("System." + code) ?? throw new InvalidDataException($"{(int)code} is no type of keys' values");
    }

    /// <summary>Text by its characters.</summary>
    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>, IComparer<ReadOnlyMemory<char>>
    {
        internal static readonly TextComparer Instance = new();

        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<char> obj) => string.GetHashCode(obj.Span);

        public int Compare(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceCompareTo(y.Span);
    }
}
