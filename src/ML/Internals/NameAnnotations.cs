using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Names that a column carries.</summary>
internal static class NameAnnotations
{
    /// <summary>Of a key's values.</summary>
    public static DataViewSchema.Annotations OfKeys(IReadOnlyList<string> names) => Of("KeyValues", names);

    /// <summary>Of a vector's slots.</summary>
    public static DataViewSchema.Annotations OfSlots(IReadOnlyList<string> names) => Of("SlotNames", names);

    /// <summary>The names of an annotation, numbers in invariant form; null where there is no such annotation of values.</summary>
    public static string[]? Read(DataViewSchema.Annotations annotations, string kind)
    {
        if (annotations.Schema.GetColumnOrNull(kind)?.Type is not VectorDataViewType { ItemType.RawType: var type }) return null;
        var read = ((Func<DataViewSchema.Annotations, string, string[]>)Texts<int>).Method.GetGenericMethodDefinition()
            .MakeGenericMethod(type);
        return (string[])read.Invoke(null, [annotations, kind])!;
    }

    private static string[] Texts<T>(DataViewSchema.Annotations annotations, string kind)
    {
        VBuffer<T> values = default;
        annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }

    private static DataViewSchema.Annotations Of(string kind, IReadOnlyList<string> names)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] texts = [.. names.Select(name => name.AsMemory())];
        builder.Add(kind, new VectorDataViewType(TextDataViewType.Instance, texts.Length), (ref VBuffer<ReadOnlyMemory<char>> value) =>
        {
            var editor = VBufferEditor.Create(ref value, texts.Length);
            texts.CopyTo(editor.Values);
            value = editor.Commit();
        });
        return builder.ToAnnotations();
    }
}
