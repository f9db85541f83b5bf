namespace Microsoft.ML.Data;

/// <summary>Column types in model files: a letter, then what the type consists of.</summary>
internal static class TypeIO
{
    internal static void Write(this BinaryWriter writer, DataViewType type)
    {
        switch (type)
        {
            case VectorDataViewType vector:
                writer.Write('V');
                writer.Write(vector.ItemType);
                writer.WriteArray<int>(vector.Dimensions.AsSpan());
                break;
            case KeyDataViewType key:
                writer.Write('K');
                writer.Write(ColumnTypes.OfNumber(key.RawType).ToString());
                writer.Write(key.Count);
                break;
            case PrimitiveDataViewType when type.Equals(ColumnTypes.OfValue(type.RawType)):
                writer.Write('P');
                writer.Write(type.ToString());
                break;
            default:
                throw new InvalidOperationException($"Columns of type {type} cannot be in a model file");
        }
    }

    internal static DataViewType ReadType(this BinaryReader reader) => reader.ReadChar() switch
    {
        'V' => new VectorDataViewType((PrimitiveDataViewType)reader.ReadType(), reader.ReadArray<int>()),
        'K' => new KeyDataViewType(ColumnTypes.OfName(reader.ReadString()).RawType, reader.ReadUInt64()),
        'P' => ColumnTypes.OfName(reader.ReadString()),
        var other => throw new InvalidDataException($"'{other}' is no kind of column type"),
    };
}
