namespace Microsoft.ML.Data;

/// <summary>Names the column of a field or property otherwise than the member.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class ColumnNameAttribute : Attribute
{
    public ColumnNameAttribute(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    internal string Name { get; }
}

/// <summary>Leaves a field or property out of the columns.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class NoColumnAttribute : Attribute;

/// <summary>Gives the array of a field or property fixed dimensions; without them its length may differ from row to row.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class VectorTypeAttribute : Attribute
{
    public VectorTypeAttribute() { }

    public VectorTypeAttribute(int size) : this([size]) { }

    public VectorTypeAttribute(params int[] dimensions)
    {
        ArgumentNullException.ThrowIfNull(dimensions);
        if (dimensions.Any(d => d <= 0))
            throw new ArgumentOutOfRangeException(nameof(dimensions), string.Join(" x ", dimensions),
                "the dimensions of a vector are positive");
        Dimensions = dimensions;
    }

    internal int[] Dimensions { get; }
}

/// <summary>Marks unsigned integers as keys, of which the first is 1 and 0 stands for a missing one.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class KeyTypeAttribute : Attribute
{
    public KeyTypeAttribute() { }

    /// <param name="count">The number of keys.</param>
    public KeyTypeAttribute(ulong count) => Count = count;

    internal ulong? Count { get; }
}
