using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>Values of columns in model files: numbers as they are in memory, text, and vectors of either.</summary>
internal static class ValueIO<T>
{
    private static readonly (Action<BinaryWriter, T> Write, Func<BinaryReader, T> Read) IO = Make();

    internal static void Write(BinaryWriter writer, T value) => IO.Write(writer, value);

    internal static T Read(BinaryReader reader) => IO.Read(reader);

    private static (Action<BinaryWriter, T> Write, Func<BinaryReader, T> Read) Make()
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return ((writer, value) => writer.Write(Unsafe.As<T, ReadOnlyMemory<char>>(ref value).ToString()), reader =>
            {
                var text = reader.ReadString().AsMemory();
                return Unsafe.As<ReadOnlyMemory<char>, T>(ref text);
            });
        if (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>))
            return (Bound<Action<BinaryWriter, T>>(nameof(WriteVector)), Bound<Func<BinaryReader, T>>(nameof(ReadVector)));
        if (!RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            return ((writer, value) => writer.Write(Bytes(ref value)), reader =>
            {
                T value = default;
                reader.BaseStream.ReadExactly(Bytes(ref value));
                return value;
            });
        throw new InvalidOperationException($"Values of type {typeof(T)} cannot be in a model file");
    }

    private static Span<byte> Bytes(ref T value) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>());

    private static TDelegate Bound<TDelegate>(string method) where TDelegate : Delegate => typeof(ValueIO<T>)
        .GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)
        .MakeGenericMethod(typeof(T).GetGenericArguments()).CreateDelegate<TDelegate>();

    private static void WriteVector<TItem>(BinaryWriter writer, VBuffer<TItem> vector)
    {
        writer.Write(vector.Length);
        writer.WriteArray(vector.GetIndices());
        writer.Write(vector.GetValues().Length);
        foreach (var item in vector.GetValues()) ValueIO<TItem>.Write(writer, item);
    }

    private static VBuffer<TItem> ReadVector<TItem>(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        var indices = reader.ReadArray<int>();
        var values = new TItem[reader.ReadInt32()];
        for (var i = 0; i < values.Length; i++) values[i] = ValueIO<TItem>.Read(reader);
        return new(length, values.Length, values, indices);
    }
}
