namespace Microsoft.ML.Data;

/// <summary>Column types by the types of their values in memory.</summary>
internal static class ColumnTypes
{
    private static readonly Dictionary<Type, PrimitiveDataViewType> ByRawType = new PrimitiveDataViewType[]
    {
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double,
        BooleanDataViewType.Instance, TextDataViewType.Instance, RowIdDataViewType.Instance,
    }.ToDictionary(type => type.RawType);

    internal static PrimitiveDataViewType OfNumber(Type rawType) => ByRawType[rawType];

    /// <summary>The primitive type whose text that is.</summary>
    internal static PrimitiveDataViewType OfName(string name) => ByRawType.Values.FirstOrDefault(type => type.ToString() == name)
        ?? throw new InvalidDataException($"'{name}' is no column type");

    /// <summary>The type of values of that .NET type, string included; null where there is none.</summary>
    internal static PrimitiveDataViewType OfValue(Type type) =>
        type == typeof(string) ? TextDataViewType.Instance : ByRawType.GetValueOrDefault(type);

    /// <summary>The type of a vector's items, else the type itself.</summary>
    internal static DataViewType ItemType(this DataViewType type) => type is VectorDataViewType vector ? vector.ItemType : type;

    /// <summary>Whether values are vectors of that many floats, or of any fixed number where null.</summary>
    internal static bool IsFloatVector(this DataViewType type, int? size = null) =>
        type is VectorDataViewType { IsKnownSize: true } vector
            && vector.ItemType == NumberDataViewType.Single && (size ?? vector.Size) == vector.Size;
}
