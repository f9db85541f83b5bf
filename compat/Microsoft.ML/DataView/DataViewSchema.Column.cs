using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    /// <summary>A column of a schema.</summary>
    public struct Column
    {
        internal Column(DataViewSchema schema, int index, string name, DataViewType type, Annotations annotations, bool isHidden)
        {
            Schema = schema;
            Index = index;
            Name = name;
            Type = type;
            Annotations = annotations;
            IsHidden = isHidden;
        }

        internal DataViewSchema Schema { get; }

        public string Name { get; }

        public int Index { get; }

        /// <summary>Whether a later column bears the same name.</summary>
        public bool IsHidden { get; }

        public DataViewType Type { get; }

        /// <summary>What is known of the column beside its type: names of its slots or keys, say.</summary>
        public Annotations Annotations { get; }

        public override string ToString() => $"{Name}: {Type}{(IsHidden ? " (hidden)" : "")}";
    }

    /// <summary>A column that is in no schema yet, or was taken out of one.</summary>
    public struct DetachedColumn
    {
        public DetachedColumn(string name, DataViewType type, Annotations annotations = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
            Name = name;
            Type = type ?? throw new ArgumentNullException(nameof(type));
            Annotations = annotations ?? Annotations.Empty;
        }

        public DetachedColumn(Column column) : this(column.Name, column.Type, column.Annotations) { }

        public string Name { get; }

        public DataViewType Type { get; }

        public Annotations Annotations { get; }
    }

    /// <summary>Makes a schema column by column.</summary>
    public sealed class Builder
    {
        private readonly List<DetachedColumn> columns = [];

        public void AddColumn(string name, DataViewType type, Annotations annotations = null) => columns.Add(new(name, type, annotations));

        public void AddColumns(IEnumerable<DetachedColumn> source) => columns.AddRange(source);

        public void AddColumns(IEnumerable<Column> source) => columns.AddRange(source.Select(column => new DetachedColumn(column)));

        public DataViewSchema ToSchema() => new(columns);
    }
}
