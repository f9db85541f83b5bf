using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class SchemaShape
{
    /// <summary>A column: its type, but for the number of keys and the size of a vector.</summary>
    public struct Column
    {
        public readonly string Name;

        public readonly VectorKind Kind;

        /// <summary>The type of the items; for keys the number type that holds them.</summary>
        public readonly DataViewType ItemType;

        public readonly bool IsKey;

        /// <summary>The kinds and types of the annotations.</summary>
        public readonly SchemaShape Annotations;

        internal Column(string name, VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations = null)
        {
            Name = name;
            Kind = kind;
            ItemType = itemType;
            IsKey = isKey;
            Annotations = annotations ?? new SchemaShape([]);
        }

        internal Column(string name, DataViewType type, SchemaShape annotations = null)
            : this(name, KindOf(type), ItemOf(type), IsKeyed(type), annotations) { }

        internal Column(DataViewSchema.Column column)
            : this(column.Name, column.Type, column.Annotations.Schema.Count == 0 ? null : Create(column.Annotations.Schema)) { }

        internal Column(DataViewSchema.DetachedColumn column)
            : this(column.Name, column.Type, column.Annotations.Schema.Count == 0 ? null : Create(column.Annotations.Schema)) { }

        internal Column Renamed(string name) => new(name, Kind, ItemType, IsKey, Annotations);

        /// <summary>Whether values of this column can be read as the given type, a vector of fixed size as one of any.</summary>
        internal bool Fits(DataViewType type)
        {
            var kind = KindOf(type);
            return ItemType.Equals(ItemOf(type)) && IsKey == IsKeyed(type)
                && (Kind == kind || (kind == VectorKind.VariableVector && Kind == VectorKind.Vector));
        }

        /// <summary>In words, as "Vector of Single" or "Key of UInt32".</summary>
        internal string Description()
        {
            var item = IsKey ? $"Key of {ItemType}" : ItemType.ToString();
            return Kind == VectorKind.Scalar ? item : Kind == VectorKind.Vector ? $"Vector of {item}" : $"Variable-size vector of {item}";
        }

        private static VectorKind KindOf(DataViewType type) =>
            type is not VectorDataViewType vector ? VectorKind.Scalar : vector.IsKnownSize ? VectorKind.Vector : VectorKind.VariableVector;

        private static bool IsKeyed(DataViewType type) => (type is VectorDataViewType vector ? vector.ItemType : type) is KeyDataViewType;

        private static DataViewType ItemOf(DataViewType type)
        {
            var item = type is VectorDataViewType vector ? vector.ItemType : type;
            return item is KeyDataViewType ? ColumnTypes.OfNumber(item.RawType) : item;
        }

        public enum VectorKind
        {
            Scalar = 0,
            Vector = 1,
            VariableVector = 2,
        }
    }
}
