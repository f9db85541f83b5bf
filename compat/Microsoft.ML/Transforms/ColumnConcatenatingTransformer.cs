using System.Reflection;

[assembly: Microsoft.ML.Data.ModelLoader<Microsoft.ML.Data.ColumnConcatenatingTransformer>("ColumnConcatenating")]

namespace Microsoft.ML.Data;

/// <summary>Joins columns of one item type to one vector.</summary>
public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase, ILoadable
{
    private static readonly MethodInfo GetterMethod =
        typeof(ColumnConcatenatingTransformer).GetMethod(nameof(Getter), BindingFlags.Static | BindingFlags.NonPublic);

    private readonly string output;
    private readonly string[] inputs;

    internal ColumnConcatenatingTransformer(string output, params string[] inputs)
    {
        this.output = output;
        this.inputs = inputs;
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) => context.Read("columns", reader =>
    {
        var names = Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString()).ToArray();
        return new ColumnConcatenatingTransformer(names[0], names[1..]);
    });

    private protected override RowMapping Map(DataViewSchema inputSchema)
    {
        DataViewSchema.Column[] sources = [.. inputs.Select(name => inputSchema.Input(name))];
        var item = sources[0].Type.ItemType() as PrimitiveDataViewType
            ?? throw SchemaErrors.Mismatch("input", sources[0].Name, "a number, text, or a vector of them", sources[0].Type.ToString());
        foreach (var source in sources)
            if (!source.Type.ItemType().Equals(item))
                throw SchemaErrors.Mismatch("input", source.Name, item.ToString(), source.Type.ItemType().ToString());
        int[] sizes = [.. sources.Select(source => source.Type is VectorDataViewType vector ? vector.Size : 1)];
        var type = new VectorDataViewType(item, sizes.Contains(0) ? 0 : sizes.Sum());
        int[] indices = [.. sources.Select(source => source.Index)];
        return new ColumnMapping(new MappedColumn(new(output, type, SlotNames(sources, type)), indices,
            row => RowGetters.Call<Delegate>(GetterMethod, item.RawType, row, indices)));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<ColumnConcatenatingTransformer>();
        ctx.Write("columns", writer =>
        {
            writer.Write(inputs.Length + 1);
            foreach (var name in inputs.Prepend(output)) writer.Write(name);
        });
    }

    /// <summary>A scalar's slot bears its column's name, a vector's slots with names theirs after the column's and a point.</summary>
    private static DataViewSchema.Annotations SlotNames(DataViewSchema.Column[] sources, VectorDataViewType type)
    {
        if (!type.IsKnownSize || !sources.Any(source => source.Type is not VectorDataViewType || source.HasSlotNames())) return null;
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add<VBuffer<ReadOnlyMemory<char>>>(SchemaAnnotationsExtensions.SlotNames,
            new VectorDataViewType(TextDataViewType.Instance, type.Size), Fill);
        return builder.ToAnnotations();

        void Fill(ref VBuffer<ReadOnlyMemory<char>> names)
        {
            var editor = VBufferEditor.Create(ref names, type.Size);
            var at = 0;
            VBuffer<ReadOnlyMemory<char>> own = default;
            foreach (var source in sources)
            {
                if (source.Type is not VectorDataViewType vector)
                {
                    editor.Values[at++] = source.Name.AsMemory();
                    continue;
                }
                var slots = editor.Values.Slice(at, vector.Size);
                at += vector.Size;
                slots.Clear();
                if (!source.HasSlotNames()) continue;
                source.GetSlotNames(ref own);
                foreach (var (slot, name) in own.Items())
                    if (!name.IsEmpty) slots[slot] = $"{source.Name}.{name}".AsMemory();
            }
            names = editor.Commit();
        }
    }

    private static ValueGetter<VBuffer<T>> Getter<T>(DataViewRow row, int[] indices)
    {
        DataViewSchema.Column[] sources = [.. indices.Select(index => row.Schema[index])];
        if (sources is [{ Type: VectorDataViewType }]) return row.GetGetter<VBuffer<T>>(sources[0]);
        var scalars = sources.Select(source => source.Type is VectorDataViewType ? null : row.GetGetter<T>(source)).ToArray();
        var vectors = sources.Select(source => source.Type is VectorDataViewType ? row.GetGetter<VBuffer<T>>(source) : null).ToArray();
        var parts = new VBuffer<T>[sources.Length];
        return (ref VBuffer<T> value) =>
        {
            var length = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                vectors[i]?.Invoke(ref parts[i]);
                length += vectors[i] is null ? 1 : parts[i].Length;
            }
            var editor = VBufferEditor.Create(ref value, length);
            var at = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                if (vectors[i] is null)
                {
                    scalars[i](ref editor.Values[at++]);
                    continue;
                }
                parts[i].CopyTo(editor.Values, at);
                at += parts[i].Length;
            }
            value = editor.Commit();
        };
    }
}
