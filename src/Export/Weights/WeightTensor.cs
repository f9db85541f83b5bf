using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>A tensor of a file, which is not read before it is known to have a place.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its numbers' type; null where Torch has none, or it is not loaded.</param>
/// <param name="TypeName">The type as the file calls it.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Read">Reads it into the caller's dispose scope. Throws <see cref="IOException"/> or <see cref="InvalidDataException"/>.
/// </param>
internal sealed record WeightTensor(string Name, ScalarType? Type, string TypeName, long[] Shape, Func<Tensor> Read)
{
    /// <summary>The names in the file that it is made of.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [Name];

    /// <summary>Type and shape, as a message shows them.</summary>
    public string Form => FormOf(Type?.ToString() ?? TypeName, Shape);

    public static string FormOf(string type, IReadOnlyList<long> shape) => $"{type} [{string.Join(", ", shape)}]";

    /// <summary>Elements of a shape; without end where it would overflow.</summary>
    public static Int128 Count(IEnumerable<long> shape)
    {
        Int128 count = 1;
        foreach (var side in shape) count = Int128.Min(count * side, long.MaxValue);
        return count;
    }

    /// <summary>Whether its numbers become those of a type without a change of their kind.</summary>
    public bool Fits(ScalarType type) => Type is { } own && (own == type || IsFloat(own) && IsFloat(type) ||
        type == ScalarType.Int64 && own is ScalarType.Int32 or ScalarType.Int16 or ScalarType.Int8 or ScalarType.Byte);

    private static bool IsFloat(ScalarType type) =>
        type is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;

    /// <summary>Bytes of a number.</summary>
    public static int ElementSize(ScalarType type) => type switch
    {
        ScalarType.Float64 or ScalarType.Int64 => 8,
        ScalarType.Float32 or ScalarType.Int32 => 4,
        ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int16 => 2,
        ScalarType.Int8 or ScalarType.Byte or ScalarType.Bool => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No file is read into tensors of this type."),
    };

    /// <summary>A tensor of one axis, read from a stream's place.</summary>
    /// <param name="stream">Where its bytes are, little-endian.</param>
    /// <param name="type">Its numbers' type.</param>
    /// <param name="count">How many there are, which the caller has compared with the stream's length.</param>
    public static Tensor ReadFrom(Stream stream, ScalarType type, long count)
    {
        const long most = 1 << 24;
        var tensor = empty([count], dtype: type);
        // A span has at most 2 GiB.
        for (long at = 0; at < count; at += most)
        {
            using var part = tensor.narrow(0, at, Math.Min(most, count - at));
            stream.ReadExactly(part.bytes);
        }
        return tensor;
    }
}
