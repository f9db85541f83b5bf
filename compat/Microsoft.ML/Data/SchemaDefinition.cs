namespace Microsoft.ML.Data;

/// <summary>
/// How the fields and properties of a class become columns; read from the class, and changed where types are known at run time only.
/// </summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition(IEnumerable<Column> columns) : base(columns) { }

    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName)
            ?? throw new ArgumentOutOfRangeException(nameof(columnName), columnName, $"No field or property makes a column '{columnName}'");
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ColumnName = columnName;
            var at = FindIndex(column => column.ColumnName == columnName);
            if (at < 0) Add(value);
            else this[at] = value;
        }
    }

    /// <summary>The columns of a class as its attributes say.</summary>
    /// <exception cref="ArgumentException">A member's type cannot be a column, or two members make the same one.</exception>
    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        ArgumentNullException.ThrowIfNull(userType);
        var columns = RowMember.Of(userType, direction)
            .Select(member => new Column(member.Info.Name, member.ColumnName, member.ColumnType)).ToList();
        if (columns.GroupBy(column => column.ColumnName).FirstOrDefault(group => group.Count() > 1) is { } same)
            throw new ArgumentException(
                $"{string.Join(" and ", same.Select(c => c.MemberName))} of {userType} make the same column '{same.Key}'", nameof(userType));
        return new(columns);
    }

    [Flags]
    public enum Direction
    {
        /// <summary>Members that can be read: rows come from objects.</summary>
        Read = 1,

        /// <summary>Members that can be written: rows go into objects.</summary>
        Write = 2,
        Both = Read | Write,
    }

    /// <summary>A column made of a field or property.</summary>
    public sealed class Column
    {
        internal Column(string memberName, string columnName, DataViewType type)
        {
            MemberName = memberName;
            ColumnName = columnName;
            ColumnType = type;
        }

        public DataViewSchema.Annotations Annotations { get; internal set; } = DataViewSchema.Annotations.Empty;

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public string MemberName { get; }
    }
}
