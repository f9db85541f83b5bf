using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// How a view shows what a conditional generator was told: a key where that is one of several names, else the label
/// vector.
/// </summary>
internal sealed class LabelColumn
{
    private LabelColumn(int size, DataViewType type, DataViewSchema.Annotations annotations)
    {
        Size = size;
        Type = type;
        Annotations = annotations;
    }

    /// <summary>Numbers in a label vector.</summary>
    public int Size { get; }

    public DataViewType Type { get; }

    public DataViewSchema.Annotations Annotations { get; }

    /// <summary>Null where the model is not conditional.</summary>
    public static LabelColumn? Of(SharedModel model)
    {
        if (model.Label is not { } form) return null;
        if (model.Labels is not { } layout) return new LabelColumn(form.Size, form.Type, DataViewSchema.Annotations.Empty);
        if (layout.Fields is [{ Kind: LabelKind.Categorical } only])
            return new LabelColumn(form.Size, new KeyDataViewType(typeof(uint), only.Values.Count), NameAnnotations.OfKeys(only.Values));
        return new LabelColumn(form.Size, form.Type, NameAnnotations.OfSlots([.. layout.Fields.SelectMany(field =>
            field.Kind == LabelKind.Categorical ? field.Values.Select(value => $"{field.Name}={value}") : [field.Name])]));
    }

    /// <summary>A getter of the column.</summary>
    /// <param name="vector">Gives the current row's label vector.</param>
    public Delegate Getter(Func<ReadOnlyMemory<float>> vector) => Type is KeyDataViewType
        ? (ValueGetter<uint>)((ref uint value) => value = (uint)vector().Span.IndexOf(1f) + 1)
        : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Rows.Copy(vector().Span, ref value));
}
