namespace Microsoft.ML.Data;

/// <summary>A number, a truth value, text as characters: the member's value is the column's.</summary>
internal sealed class PlainColumn<TRow, T>(RowMember member, DataViewSchema.DetachedColumn column)
    : MemberColumn<TRow, T, T>(member, column)
{
    private protected override void Read(T member, ref T value) => value = member;

    private protected override T Write(in T value, T old) => value;
}

/// <summary>A string; null is empty.</summary>
internal sealed class StringColumn<TRow>(RowMember member, DataViewSchema.DetachedColumn column)
    : MemberColumn<TRow, string, ReadOnlyMemory<char>>(member, column)
{
    private protected override void Read(string member, ref ReadOnlyMemory<char> value) => value = member.AsMemory();

    private protected override string Write(in ReadOnlyMemory<char> value, string old) => value.ToString();
}

/// <summary>An array; null is a vector of length 0.</summary>
internal sealed class ArrayColumn<TRow, T>(RowMember member, DataViewSchema.DetachedColumn column)
    : MemberColumn<TRow, T[], VBuffer<T>>(member, column)
{
    private readonly VectorLength length = new(column);

    private protected override void Read(T[] member, ref VBuffer<T> value)
    {
        length.Check(member?.Length ?? 0);
        var editor = VBufferEditor.Create(ref value, member?.Length ?? 0);
        member.AsSpan().CopyTo(editor.Values);
        value = editor.Commit();
    }

    private protected override T[] Write(in VBuffer<T> value, T[] old)
    {
        var array = old?.Length == value.Length ? old : new T[value.Length];
        value.CopyTo(array);
        return array;
    }
}

/// <summary>An array of strings.</summary>
internal sealed class StringArrayColumn<TRow>(RowMember member, DataViewSchema.DetachedColumn column)
    : MemberColumn<TRow, string[], VBuffer<ReadOnlyMemory<char>>>(member, column)
{
    private readonly VectorLength length = new(column);

    private protected override void Read(string[] member, ref VBuffer<ReadOnlyMemory<char>> value)
    {
        length.Check(member?.Length ?? 0);
        var editor = VBufferEditor.Create(ref value, member?.Length ?? 0);
        for (var i = 0; i < editor.Values.Length; i++) editor.Values[i] = member[i].AsMemory();
        value = editor.Commit();
    }

    private protected override string[] Write(in VBuffer<ReadOnlyMemory<char>> value, string[] old) =>
        [.. value.DenseValues().Select(text => text.ToString())];
}

/// <summary>A vector, perhaps sparse.</summary>
internal sealed class BufferColumn<TRow, T>(RowMember member, DataViewSchema.DetachedColumn column)
    : MemberColumn<TRow, VBuffer<T>, VBuffer<T>>(member, column)
{
    private readonly VectorLength length = new(column);

    private protected override void Read(VBuffer<T> member, ref VBuffer<T> value)
    {
        length.Check(member.Length);
        member.CopyTo(ref value);
    }

    private protected override VBuffer<T> Write(in VBuffer<T> value, VBuffer<T> old)
    {
        value.CopyTo(ref old);
        return old;
    }
}

/// <summary>Holds vectors to the size of their column.</summary>
internal sealed class VectorLength(DataViewSchema.DetachedColumn column)
{
    private readonly int size = ((VectorDataViewType)column.Type).Size;

    internal void Check(int length)
    {
        if (size > 0 && length != size)
            throw new InvalidOperationException($"A vector of {length} items is no value of column '{column.Name}' of type {column.Type}");
    }
}
