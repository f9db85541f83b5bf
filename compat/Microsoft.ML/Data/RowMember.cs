using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>A field or property of a class of rows, as a column.</summary>
internal sealed record RowMember(MemberInfo Info, Type Type)
{
    internal string ColumnName => Info.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? Info.Name;

    /// <summary>The column's type as the member's type and attributes say.</summary>
    /// <exception cref="ArgumentException">Values of the member's type cannot be in a column.</exception>
    internal DataViewType ColumnType
    {
        get
        {
            var element = ElementOf(Type);
            var item = ColumnTypes.OfValue(element ?? Type)
                ?? throw new ArgumentException($"{this} cannot be a column: no column holds such values; [NoColumn] leaves it out");
            if (Info.GetCustomAttribute<KeyTypeAttribute>() is { } key)
            {
                if (!KeyDataViewType.IsValidDataType(item.RawType))
                    throw new ArgumentException($"{this} is marked as a key: keys are unsigned integers");
                item = new KeyDataViewType(item.RawType, key.Count ?? KeyDataViewType.Largest(item.RawType));
            }
            var dimensions = Info.GetCustomAttribute<VectorTypeAttribute>();
            if (element is not null) return new VectorDataViewType(item, dimensions?.Dimensions is { Length: > 0 } given ? given : [0]);
            return dimensions is null ? item
                : throw new ArgumentException($"{this} is marked as a vector: vectors are arrays");
        }
    }

    /// <summary>Whether the member takes the values of a column of that type.</summary>
    internal bool Holds(DataViewType type)
    {
        var element = ElementOf(Type);
        return type is VectorDataViewType == element is not null
            && ColumnTypes.OfValue(element ?? Type)?.RawType == type.ItemType().RawType;
    }

    public override string ToString() => $"{Info.DeclaringType}.{Info.Name} of type {Type}";

    /// <summary>The public instance members of a class that are columns: fields, then properties.</summary>
    /// <param name="type">The class.</param>
    /// <param name="direction">Whether they must be readable, writable, or either.</param>
    /// <param name="withoutColumn">Whether those marked <see cref="NoColumnAttribute"/> count too.</param>
    internal static IEnumerable<RowMember> Of(Type type, SchemaDefinition.Direction direction, bool withoutColumn = false)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var reads = direction.HasFlag(SchemaDefinition.Direction.Read);
        var writes = direction.HasFlag(SchemaDefinition.Direction.Write);
        var fields =
            type.GetFields(Public).Where(field => reads || !field.IsInitOnly).Select(field => new RowMember(field, field.FieldType));
        var properties = type.GetProperties(Public)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => (reads && property.GetMethod?.IsPublic == true) || (writes && property.SetMethod?.IsPublic == true))
            .Select(property => new RowMember(property, property.PropertyType));
        return fields.Concat(properties).Where(member => withoutColumn || !member.Info.IsDefined(typeof(NoColumnAttribute)));
    }

    /// <summary>The type of the items of an array or a <see cref="VBuffer{T}"/>; null for what is no vector.</summary>
    internal static Type ElementOf(Type type) =>
        type.IsArray && type.GetArrayRank() == 1 ? type.GetElementType()
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>) ? type.GetGenericArguments()[0] : null;
}
