using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class ModelFileTests
{
    private readonly MLContext context = new(seed: 1);
    private readonly IDataView view;
    private readonly TransformerChain<ColumnConcatenatingTransformer> model;

    public ModelFileTests()
    {
        view = context.Data.LoadFromEnumerable(Digit.Some(5));
        model = context.Transforms.CopyColumns("A", "Pixels").Append(context.Transforms.DropColumns("Any"))
            .Append(context.Transforms.SelectColumns("A", "Pixels", "Number"))
            .Append(context.Transforms.Concatenate("B", "Pixels", "A")).Fit(view);
    }

    [Fact]
    public void A_chain_and_its_schema_come_back()
    {
        using var folder = new TemporaryFolder();
        context.Model.Save(model, view.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out var schema);
        Assert.Equal(view.Schema.Select(column => (column.Name, column.Type)), schema.Select(column => (column.Name, column.Type)));
        Assert.IsAssignableFrom<IEnumerable<ITransformer>>(loaded);
        var (before, after) = (model.Transform(view), loaded.Transform(view));
        Assert.Equal(before.Schema.Select(column => column.Name), after.Schema.Select(column => column.Name));
        Assert.Equal(before.GetColumn<float[]>("B"), after.GetColumn<float[]>("B"));
    }

    [Fact]
    public void A_transformer_by_itself_comes_back_as_such_and_without_a_schema()
    {
        using var file = new MemoryStream();
        context.Model.Save(model.LastTransformer, null, file);
        Assert.IsType<ColumnConcatenatingTransformer>(context.Model.Load(file, out var schema));
        Assert.Null(schema);
    }

    [Fact]
    public void Annotations_of_the_schema_come_back()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 3), (ref VBuffer<ReadOnlyMemory<char>> names) =>
            names = new(3, 1, ["middle".AsMemory()], [1]));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Pixels", new VectorDataViewType(NumberDataViewType.Single, 3), annotations.ToAnnotations());
        using var file = new MemoryStream();
        context.Model.Save(model, builder.ToSchema(), file);
        context.Model.Load(file, out var schema);
        Assert.True(schema["Pixels"].IsNormalized());
        VBuffer<ReadOnlyMemory<char>> slots = default;
        schema["Pixels"].GetSlotNames(ref slots);
        Assert.Equal(["", "middle", ""], slots.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void What_is_no_model_is_told()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.zip"], "this is no model");
        Assert.Throws<FormatException>(() => context.Model.Load(folder["model.zip"], out _));
        using (var zip = ZipFile.Open(folder["other.zip"], ZipArchiveMode.Create)) zip.CreateEntry("something");
        Assert.ThrowsAny<Exception>(() => context.Model.Load(folder["other.zip"], out _));
        Assert.Throws<FileNotFoundException>(() => context.Model.Load(folder["none.zip"], out _));
    }

    [Fact]
    public void A_transformer_from_outside_is_saved_as_the_stock_one_that_it_hands_its_context_to()
    {
        var outside = new Outside(context.Transforms.CopyColumns("B", "A").Fit(model.Transform(view)));
        using var file = new MemoryStream();
        context.Model.Save(model.Append(outside), view.Schema, file);
        var loaded = new MLContext().Model.Load(file, out _);
        Assert.DoesNotContain((IEnumerable<ITransformer>)loaded, transformer => transformer is Outside);
        Assert.Equal(view.GetColumn<float[]>("Pixels"), loaded.Transform(view).GetColumn<float[]>("B"));
    }

    [Fact]
    public void A_transformer_that_cannot_be_saved_is_told()
    {
        using var file = new MemoryStream();
        var mute = new Outside(model.LastTransformer) { IsMute = true };
        var error = Assert.ThrowsAny<Exception>(() =>
        {
            context.Model.Save(model.Append(mute), view.Schema, file);
            context.Model.Load(file, out _);
        });
        Assert.Contains(nameof(Outside), error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A transformer that ML.NET does not know, on top of one that it does.</summary>
    private sealed class Outside(ITransformer stock) : ITransformer
    {
        public bool IsMute { get; init; }

        public bool IsRowToRowMapper => stock.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => stock.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => stock.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => stock.Transform(input);

        public void Save(ModelSaveContext ctx)
        {
            if (!IsMute) stock.Save(ctx);
        }
    }
}
