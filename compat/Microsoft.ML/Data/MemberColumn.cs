using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>The object that the getters of a row read.</summary>
internal sealed class CurrentRow<TRow>
{
    internal TRow Value;
}

/// <summary>A field or property of a class of rows, bound to a column: reads it as a getter, writes it from one.</summary>
internal abstract class MemberColumn<TRow>(RowMember member, DataViewSchema.DetachedColumn column)
{
    internal RowMember Member => member;

    internal DataViewSchema.DetachedColumn Column => column;

    /// <summary>A getter that reads the member of the current object.</summary>
    /// <param name="current">Which holds the object.</param>
    /// <param name="update">What is called before each read, or null.</param>
    internal abstract Delegate Reader(CurrentRow<TRow> current, Action update = null);

    /// <summary>Writes a row's value of a column into the member of an object; arrays of the right length are written into.</summary>
    internal abstract Action<TRow> Writer(DataViewRow row, DataViewSchema.Column source);
}

/// <inheritdoc/>
/// <typeparam name="TRow">The class.</typeparam>
/// <typeparam name="TMember">The type of the field or property.</typeparam>
/// <typeparam name="TValue">The type of the column's values in memory.</typeparam>
internal abstract class MemberColumn<TRow, TMember, TValue>(RowMember member, DataViewSchema.DetachedColumn column)
    : MemberColumn<TRow>(member, column)
{
    private readonly Lazy<Func<TRow, TMember>> get = new(() => Getter(member.Info));
    private readonly Lazy<Action<TRow, TMember>> set = new(() => Setter(member.Info));

    internal sealed override Delegate Reader(CurrentRow<TRow> current, Action update)
    {
        var get = this.get.Value;
        return (ValueGetter<TValue>)((ref TValue value) =>
        {
            update?.Invoke();
            Read(get(current.Value), ref value);
        });
    }

    internal sealed override Action<TRow> Writer(DataViewRow row, DataViewSchema.Column source)
    {
        var getter = row.GetGetter<TValue>(source);
        var get = CanRead(Member.Info) ? this.get.Value : null;
        var set = this.set.Value;
        TValue value = default;
        return target =>
        {
            getter(ref value);
            set(target, Write(value, get is null ? default : get(target)));
        };
    }

    /// <summary>The column's value, by the member's.</summary>
    private protected abstract void Read(TMember member, ref TValue value);

    /// <summary>The member's value, by the column's, in the memory of the old one if it will do.</summary>
    private protected abstract TMember Write(in TValue value, TMember old);

    private static bool CanRead(MemberInfo info) => info is FieldInfo || ((PropertyInfo)info).GetMethod?.IsPublic == true;

    private static Func<TRow, TMember> Getter(MemberInfo info)
    {
        var row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, info), row).Compile();
    }

    private static Action<TRow, TMember> Setter(MemberInfo info)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TMember));
        var assignment = Expression.Assign(Expression.MakeMemberAccess(row, info), value);
        return Expression.Lambda<Action<TRow, TMember>>(assignment, row, value).Compile();
    }
}
