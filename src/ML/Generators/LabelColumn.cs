using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// How a view shows what a conditional generator was told: as a text where that is asked for, a key where it is one of several names, else
/// the label vector.
/// </summary>
internal sealed class LabelColumn
{
    private readonly LabelLayout? _layout;

    private LabelColumn(LabelLayout? layout, int size, DataViewType type, DataViewSchema.Annotations annotations)
    {
        _layout = layout;
        Size = size;
        Type = type;
        Annotations = annotations;
    }

    /// <summary>Numbers in a label vector.</summary>
    public int Size { get; }

    public DataViewType Type { get; }

    public DataViewSchema.Annotations Annotations { get; }

    /// <summary>Null where the model is not conditional.</summary>
    /// <param name="model">The generator.</param>
    /// <param name="asText">Whether labels are texts.</param>
    public static LabelColumn? Of(SharedModel model, bool asText)
    {
        if (model.Label is not { } form) return null;
        if (model.Labels is not { } layout) return new LabelColumn(null, form.Size, form.Type, DataViewSchema.Annotations.Empty);
        if (asText) return new LabelColumn(layout, form.Size, TextDataViewType.Instance, DataViewSchema.Annotations.Empty);
        if (layout.Fields is [{ Kind: LabelKind.Categorical } only])
        {
            return new LabelColumn(
                layout, form.Size, new KeyDataViewType(typeof(uint), only.Values.Count), NameAnnotations.OfKeys(only.Values));
        }
        return new LabelColumn(layout, form.Size, form.Type, NameAnnotations.OfSlots([.. layout.Fields.SelectMany(field =>
            field.Kind == LabelKind.Categorical ? field.Values.Select(value => $"{field.Name}={value}") : [field.Name])]));
    }

    /// <summary>A getter of the column.</summary>
    /// <param name="vector">Gives the current row's label vector.</param>
    public Delegate Getter(Func<ReadOnlyMemory<float>> vector) => Type switch
    {
        KeyDataViewType => (ValueGetter<uint>)((ref uint value) => value = (uint)vector().Span.IndexOf(1f) + 1),
        TextDataViewType => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = Text(vector().Span).AsMemory()),
        _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Rows.Copy(vector().Span, ref value)),
    };

    private string Text(ReadOnlySpan<float> vector)
    {
        var values = new float[_layout!.Fields.Count];
        _layout.DecodeFields(vector, values);
        return _layout.Describe(values);
    }
}
