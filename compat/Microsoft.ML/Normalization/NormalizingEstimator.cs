using Microsoft.ML.Data;
using Kind = Microsoft.ML.SchemaShape.Column.VectorKind;

namespace Microsoft.ML.Transforms;

/// <summary>Learns a scale and an offset for each slot of columns, in one pass over the rows.</summary>
/// <remarks>Columns are Single, or vectors of a known number of them. A slot of equal values becomes 0, unless 0 is fixed.</remarks>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly InputOutputColumnPair[] columns;
    private readonly long maximumExamples;
    private readonly bool fixZero;
    private readonly Func<int, NormalizerStatistics> create;

    internal NormalizingEstimator(InputOutputColumnPair[] columns, long maximumExamples, bool fixZero,
        Func<int, NormalizerStatistics> create)
    {
        if (columns is not { Length: > 0 }) throw new ArgumentException("there are no columns to normalise", nameof(columns));
        if (maximumExamples <= 1)
            throw new ArgumentOutOfRangeException(nameof(maximumExamples), maximumExamples, "the number of examples is more than 1");
        (this.columns, this.maximumExamples, this.fixZero, this.create) = (columns, maximumExamples, fixZero, create);
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var inputs = columns.Select(pair => input.Schema.Input(pair.InputColumnName)).ToArray();
        var affine = inputs.Select(column => new AffineColumn(column)).ToArray();
        var statistics = affine.Select(column => create(column.Slots)).ToArray();
        using (var cursor = input.GetRowCursor(inputs))
        {
            var readers = inputs.Select((column, i) => affine[i].Reader(cursor, column)).ToArray();
            for (long row = 0; row < maximumExamples && cursor.MoveNext(); row++)
                for (var i = 0; i < readers.Length; i++) statistics[i].Add(readers[i]());
        }
        for (var i = 0; i < affine.Length; i++) affine[i].Set(statistics[i].Finish(fixZero));
        return new(columns, affine);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(columns.Select(pair =>
        {
            var input = inputSchema.Input(pair.InputColumnName);
            if (input.Kind == Kind.VariableVector || input.IsKey || !input.ItemType.Equals(NumberDataViewType.Single))
                throw SchemaErrors.Mismatch("input", input.Name, AffineColumn.Expected, input.Description());
            var annotations = new SchemaShape([new(SchemaAnnotationsExtensions.NormalizedFlag, BooleanDataViewType.Instance)]);
            if (input.Annotations.TryFindColumn(SchemaAnnotationsExtensions.SlotNames, out var names)) annotations = annotations.With(names);
            return new SchemaShape.Column(pair.OutputColumnName, input.Kind, input.ItemType, false, annotations);
        }));
    }
}
