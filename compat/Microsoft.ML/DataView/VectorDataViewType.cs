using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>
/// Vectors, <see cref="VBuffer{T}"/> in memory. The dimensions say how a vector is meant, a picture's [height, width] say;
/// a dimension of 0 is unknown, and then so is the vector's size, which may differ from row to row.
/// </summary>
public sealed class VectorDataViewType : StructuredDataViewType
{
    /// <param name="itemType">The type of the items.</param>
    /// <param name="size">The number of items; 0 where it varies.</param>
    public VectorDataViewType(PrimitiveDataViewType itemType, int size = 0) : this(itemType, ImmutableArray.Create(size)) { }

    public VectorDataViewType(PrimitiveDataViewType itemType, params int[] dimensions)
        : this(itemType, ImmutableArray.Create(dimensions ?? throw new ArgumentNullException(nameof(dimensions)))) { }

    /// <exception cref="ArgumentException">A dimension is negative, there is none, or their product is too large.</exception>
    public VectorDataViewType(PrimitiveDataViewType itemType, ImmutableArray<int> dimensions)
        : base(typeof(VBuffer<>).MakeGenericType((itemType ?? throw new ArgumentNullException(nameof(itemType))).RawType))
    {
        if (dimensions.IsDefaultOrEmpty || dimensions.Any(d => d < 0))
            throw new ArgumentException("a vector has one or more dimensions, each at least 0", nameof(dimensions));
        var size = dimensions.Aggregate(1L, (product, d) => product > int.MaxValue ? product : product * d);
        if (size > int.MaxValue)
            throw new ArgumentException($"a vector of {string.Join(" x ", dimensions)} items is larger than {int.MaxValue}",
                nameof(dimensions));
        ItemType = itemType;
        Dimensions = dimensions;
        Size = (int)size;
    }

    public ImmutableArray<int> Dimensions { get; }

    public PrimitiveDataViewType ItemType { get; }

    /// <summary>The number of items, or 0 where it varies.</summary>
    public int Size { get; }

    public bool IsKnownSize => Size > 0;

    public override bool Equals(DataViewType other) =>
        other is VectorDataViewType vector
            && vector.ItemType.Equals(ItemType) && vector.Dimensions.AsSpan().SequenceEqual(Dimensions.AsSpan());

    public override bool Equals(object other) => Equals(other as DataViewType);

    public override int GetHashCode() => HashCode.Combine(ItemType, Dimensions.Length, Size);

    public override string ToString() => Dimensions is [0]
        ? $"Vector<{ItemType}>"
        : $"Vector<{ItemType}, {string.Join(", ", Dimensions.Select(d => d == 0 ? "*" : d.ToString()))}>";
}
