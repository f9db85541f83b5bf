using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class ChainTests
{
    private readonly MLContext context = new(seed: 1);
    private readonly IDataView view;

    public ChainTests() => view = context.Data.LoadFromEnumerable(Digit.Some(5));

    [Fact]
    public void A_chain_learns_and_transforms_step_by_step()
    {
        var chain = context.Transforms.CopyColumns("A", "Pixels")
            .Append(context.Transforms.Concatenate("B", "A", "A"))
            .Append(context.Transforms.Concatenate("C", "B", "Pixels"));
        var model = chain.Fit(view);
        Assert.Equal(3, model.Count());
        Assert.IsType<ColumnConcatenatingTransformer>(model.LastTransformer);
        Assert.Equal(9, ((VectorDataViewType)model.GetOutputSchema(view.Schema)["C"].Type).Size);
        Assert.Equal(4 + 0.25f, model.Transform(view).GetColumn<float[]>("C").Last()[7]);
        var dropping = model.Append(context.Transforms.DropColumns("A").Fit(model.Transform(view)));
        Assert.Equal(view.Schema.Count + 2, dropping.Transform(view).Schema.Count);
    }

    [Fact]
    public void Schemas_are_checked_through_the_whole_chain_before_anything_is_fitted()
    {
        var fitted = new Probe(context.Transforms.CopyColumns("A", "Pixels"));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Append(context.Transforms.CopyColumns("B", "Nome")).Fit(view));
        Assert.Contains("Could not find input column 'Nome'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, fitted.Fits);
        fitted.Append(context.Transforms.CopyColumns("B", "A")).Fit(view);
        Assert.Equal(1, fitted.Fits);
    }

    [Fact]
    public void A_cache_checkpoint_spares_what_lies_before_it()
    {
        var reads = 0;
        var counting = context.Transforms.CustomMapping<Digit, Doubled>((source, target) =>
        {
            reads++;
            target.Double = 2 * source.Weight;
        }, null);
        var reader = new Probe(context.Transforms.CopyColumns("Copy", "Double")) { Column = "Double" };
        counting.Append(reader).Append(reader).Fit(view);
        Assert.Equal(10, reads);
        reads = 0;
        counting.AppendCacheCheckpoint(context).Append(reader).Append(reader).Fit(view);
        Assert.Equal(5, reads);
    }

    private sealed class Doubled
    {
        public double Double { get; set; }
    }

    [Fact]
    public void Transformers_are_left_out_by_scope()
    {
        var model = context.Transforms.CopyColumns("A", "Pixels")
            .Append(context.Transforms.CopyColumns("B", "A"), TransformerScope.Training).Fit(view);
        Assert.Single(model.GetModelFor(TransformerScope.Scoring));
        Assert.Equal(2, model.GetModelFor(TransformerScope.TrainTest).Count());
    }

    [Fact]
    public void A_chain_maps_row_by_row()
    {
        ITransformer model = context.Transforms.CopyColumns("A", "Number").Append(context.Transforms.SelectColumns("A")).Fit(view);
        Assert.True(model.IsRowToRowMapper);
        var mapper = model.GetRowToRowMapper(view.Schema);
        Assert.Equal(["Number"], mapper.GetDependencies([mapper.OutputSchema["A"]]).Select(column => column.Name));
        using var cursor = view.GetRowCursor([view.Schema["Number"]]);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var getter = row.GetGetter<long>(mapper.OutputSchema["A"]);
        var value = 0L;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            getter(ref value);
            Assert.Equal((i, i), (row.Position, value));
        }
    }

    [Fact]
    public void Rows_cost_no_memory()
    {
        var rows = Digit.Some(400);
        foreach (var row in rows) row.Pixels = new float[3];
        var data = context.Data.LoadFromEnumerable(rows);
        var mapped = context.Transforms.CopyColumns("A", "Pixels").Append(context.Transforms.Concatenate("B", "A", "Pixels"))
            .Append(context.Transforms.CustomMapping<CustomMappingTests.Source, Doubled>((_, target) => target.Double = 1, null))
            .Fit(data).Transform(data);
        using var cursor = mapped.GetRowCursor([mapped.Schema["B"], mapped.Schema["Double"]]);
        var vectors = cursor.GetGetter<VBuffer<float>>(mapped.Schema["B"]);
        var numbers = cursor.GetGetter<double>(mapped.Schema["Double"]);
        VBuffer<float> vector = default;
        var number = 0.0;
        void Read(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(cursor.MoveNext());
                vectors(ref vector);
                numbers(ref number);
            }
        }
        Read(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Read(300);
        // A single array a row would be 9,600 bytes; the runtime's own book-keeping gets a few.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
    }

    /// <summary>Counts the fits of another estimator, and reads a column in each.</summary>
    private sealed class Probe(IEstimator<ITransformer> estimator) : IEstimator<ITransformer>
    {
        public int Fits { get; private set; }

        public string? Column { get; init; }

        public ITransformer Fit(IDataView input)
        {
            Fits++;
            if (Column is not null) Assert.NotEmpty(input.GetColumn<double>(Column).ToList());
            return estimator.Fit(input);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => estimator.GetOutputSchema(inputSchema);
    }
}
