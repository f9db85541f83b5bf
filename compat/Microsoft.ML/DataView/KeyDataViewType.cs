namespace Microsoft.ML.Data;

/// <summary>
/// Keys: one of <see cref="Count"/> values by number. In memory the first is 1; 0 is "none of them".
/// </summary>
public sealed class KeyDataViewType : PrimitiveDataViewType
{
    /// <exception cref="ArgumentOutOfRangeException">The type is no unsigned integer, or cannot count that far.</exception>
    public KeyDataViewType(Type type, ulong count) : base(type)
    {
        if (!IsValidDataType(type))
            throw new ArgumentOutOfRangeException(nameof(type), type, "keys are unsigned integers: Byte, UInt16, UInt32 or UInt64");
        if (count == 0 || count > Largest(type))
            throw new ArgumentOutOfRangeException(nameof(count), count, $"the number of keys of a {type.Name} is 1 to {Largest(type)}");
        Count = count;
    }

    /// <inheritdoc cref="KeyDataViewType(Type, ulong)"/>
    public KeyDataViewType(Type type, int count)
        : this(type, count > 0 ? (ulong)count : throw new ArgumentOutOfRangeException(nameof(count), count, "at least one")) { }

    public ulong Count { get; }

    public static bool IsValidDataType(Type type) =>
        type == typeof(byte) || type == typeof(ushort) || type == typeof(uint) || type == typeof(ulong);

    internal static ulong Largest(Type type) =>
        type == typeof(byte) ? byte.MaxValue
        : type == typeof(ushort) ? ushort.MaxValue
        : type == typeof(uint) ? uint.MaxValue : ulong.MaxValue;

    public override bool Equals(DataViewType other) => other is KeyDataViewType key && key.RawType == RawType && key.Count == Count;

    public override bool Equals(object other) => Equals(other as DataViewType);

    public override int GetHashCode() => HashCode.Combine(RawType, Count);

    public override string ToString() => $"Key<{RawType.Name}, 0-{Count - 1}>";
}
