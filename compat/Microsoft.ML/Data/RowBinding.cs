using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The fields and properties of a class as columns, by its attributes or by a definition.</summary>
internal sealed class RowBinding<TRow> where TRow : class
{
    private readonly MemberColumn<TRow>[] columns;

    private RowBinding(IEnumerable<MemberColumn<TRow>> columns) => this.columns = [.. columns];

    internal IReadOnlyList<MemberColumn<TRow>> Columns => columns;

    internal DataViewSchema Schema
    {
        get
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumns(columns.Select(column => column.Column));
            return builder.ToSchema();
        }
    }

    /// <param name="direction">Whether objects are read or written.</param>
    /// <param name="definition">What makes which column, or null for what the attributes say.</param>
    /// <exception cref="ArgumentException">
    /// The definition names a member that there is not, or gives one a type that its values do not fit.
    /// </exception>
    internal static RowBinding<TRow> Create(SchemaDefinition.Direction direction, SchemaDefinition definition = null)
    {
        var members = RowMember.Of(typeof(TRow), direction, withoutColumn: definition is not null).ToDictionary(member => member.Info.Name);
        return new((definition ?? SchemaDefinition.Create(typeof(TRow), direction)).Select(column =>
        {
            var member = members.GetValueOrDefault(column.MemberName)
                ?? throw new ArgumentException($"Column '{column.ColumnName}': {typeof(TRow)} has no public member '{column.MemberName}'");
            if (!member.Holds(column.ColumnType))
                throw new ArgumentException($"{member} cannot hold values of type {column.ColumnType} of column '{column.ColumnName}'");
            return Bind(member, new(column.ColumnName, column.ColumnType, column.Annotations));
        }));
    }

    /// <summary>
    /// The columns as the attributes say, with the types and annotations that a schema gives to columns of the same names.
    /// </summary>
    internal static RowBinding<TRow> Create(SchemaDefinition.Direction direction, DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var definition = SchemaDefinition.Create(typeof(TRow), direction);
        foreach (var column in definition)
        {
            if (schema.GetColumnOrNull(column.ColumnName) is not { } given) continue;
            column.ColumnType = given.Type;
            column.Annotations = given.Annotations;
        }
        return Create(direction, definition);
    }

    /// <summary>The getters over an object, null for those that are not active.</summary>
    internal Delegate[] Readers(CurrentRow<TRow> current, Func<int, bool> isActive, Action update = null) =>
        [.. columns.Select((column, i) => isActive(i) ? column.Reader(current, update) : null)];

    /// <summary>The columns of a schema that the members are written from, null for a member whose column is missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, unless that is ignored, or does not fit its member.</exception>
    internal DataViewSchema.Column?[] Sources(DataViewSchema schema, bool ignoreMissing = false) => [.. columns.Select(column =>
    {
        var name = column.Column.Name;
        if (schema.GetColumnOrNull(name) is not { } source)
            return ignoreMissing ? (DataViewSchema.Column?)null : throw SchemaErrors.Missing("input", name);
        if (!column.Member.Holds(source.Type) || SizeDiffers(column.Column.Type, source.Type))
            throw SchemaErrors.Mismatch("input", name, $"{column.Column.Type} for {column.Member}", source.Type.ToString());
        return source;
    })];

    /// <summary>Writes all members of an object from a row in which their columns are active.</summary>
    internal Action<TRow> Writer(DataViewRow row, DataViewSchema.Column?[] sources)
    {
        Action<TRow>[] writers = [.. columns.Zip(sources).Where(item => item.Second is not null)
            .Select(item => item.First.Writer(row, row.Schema[item.Second.Value.Index]))];
        return target =>
        {
            foreach (var write in writers) write(target);
        };
    }

    private static bool SizeDiffers(DataViewType wanted, DataViewType given) =>
        wanted is VectorDataViewType { IsKnownSize: true } one && given is VectorDataViewType other && one.Size != other.Size;

    private static MemberColumn<TRow> Bind(RowMember member, DataViewSchema.DetachedColumn column)
    {
        var element = RowMember.ElementOf(member.Type);
        var type = member.Type == typeof(string) ? typeof(StringColumn<>).MakeGenericType(typeof(TRow))
            : member.Type == typeof(string[]) ? typeof(StringArrayColumn<>).MakeGenericType(typeof(TRow))
            : element is null ? typeof(PlainColumn<,>).MakeGenericType(typeof(TRow), member.Type)
            : (member.Type.IsArray ? typeof(ArrayColumn<,>) : typeof(BufferColumn<,>)).MakeGenericType(typeof(TRow), element);
        return (MemberColumn<TRow>)Activator.CreateInstance(type,
            BindingFlags.DoNotWrapExceptions | BindingFlags.Instance | BindingFlags.Public,
            null, [member, column], null);
    }
}
