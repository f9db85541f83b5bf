using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

[assembly: ModelLoader<NormalizingTransformer>("Normalizer")]

namespace Microsoft.ML.Transforms;

/// <summary>Scales and shifts columns slot by slot: see <see cref="NormalizingEstimator"/>.</summary>
public sealed class NormalizingTransformer : OneToOneTransformerBase, ILoadable
{
    private readonly AffineColumn[] affine;

    internal NormalizingTransformer(InputOutputColumnPair[] columns, AffineColumn[] affine) : base(columns) => this.affine = affine;

    private protected override MappedColumn MapColumn(int pair, DataViewSchema.Column input)
    {
        if (!affine[pair].Fits(input.Type)) throw SchemaErrors.Mismatch("input", input.Name, affine[pair].TypeText, input.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, kind => kind == SchemaAnnotationsExtensions.SlotNames);
        annotations.AddPrimitiveValue(SchemaAnnotationsExtensions.NormalizedFlag, BooleanDataViewType.Instance, true);
        var column = new DataViewSchema.DetachedColumn(ColumnPairs[pair].OutputColumnName, input.Type, annotations.ToAnnotations());
        return new(column, [input.Index], row => affine[pair].Getter(row, row.Schema[input.Index]));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<NormalizingTransformer>();
        ctx.Write("columns", writer =>
        {
            writer.Write(ColumnPairs);
            foreach (var column in affine) column.Save(writer);
        });
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) => context.Read("columns", reader =>
    {
        var columns = reader.ReadColumnPairs();
        return new NormalizingTransformer(columns, Array.ConvertAll(columns, _ => new AffineColumn(reader)));
    });
}
