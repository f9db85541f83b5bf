using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>What several components write into model files.</summary>
internal static class ModelIO
{
    internal static void Write(this BinaryWriter writer, IReadOnlyList<InputOutputColumnPair> columns)
    {
        writer.Write(columns.Count);
        foreach (var pair in columns)
        {
            writer.Write(pair.OutputColumnName);
            writer.Write(pair.InputColumnName);
        }
    }

    internal static InputOutputColumnPair[] ReadColumnPairs(this BinaryReader reader) =>
        [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new InputOutputColumnPair(reader.ReadString(), reader.ReadString()))];

    /// <summary>Writes numbers as they are in memory, after their number.</summary>
    internal static void WriteArray<T>(this BinaryWriter writer, ReadOnlySpan<T> values) where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values));
    }

    internal static T[] ReadArray<T>(this BinaryReader reader) where T : unmanaged
    {
        var values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
