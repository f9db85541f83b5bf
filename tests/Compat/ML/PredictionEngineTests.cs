using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class PredictionEngineTests
{
    private readonly MLContext context = new(seed: 1);
    private readonly IDataView view;
    private readonly ITransformer model;

    public PredictionEngineTests()
    {
        view = context.Data.LoadFromEnumerable(Digit.Some(5));
        model = context.Transforms.Concatenate("Joined", "Pixels", "Any").Append(context.Transforms.CopyColumns("Title", "Name")).Fit(view);
    }

    private sealed class Prediction
    {
        public float[] Joined = [];

        public string Title { get; set; } = "";

        public float Missing = 42;
    }

    [Fact]
    public void Objects_are_predicted_one_by_one()
    {
        using var engine = context.Model.CreatePredictionEngine<Digit, Prediction>(model);
        foreach (var digit in Digit.Some(9))
        {
            var prediction = engine.Predict(digit);
            Assert.Equal([.. digit.Pixels, .. digit.Any], prediction.Joined);
            Assert.Equal((digit.Name, 42), (prediction.Title, prediction.Missing));
        }
        Assert.NotNull(engine.OutputSchema.GetColumnOrNull("Joined"));
        var reused = new Prediction();
        engine.Predict(Digit.Some(3)[2], ref reused);
        Assert.Equal("digit 2", reused.Title);
    }

    [Fact]
    public void A_missing_column_is_told_unless_that_is_ignored()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            context.Model.CreatePredictionEngine<Digit, Prediction>(model, new PredictionEngineOptions { IgnoreMissingColumns = false }));
        Assert.Contains("Missing", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => context.Model.CreatePredictionEngine<Prediction, Prediction>(model));
    }

    private sealed class Unlabelled
    {
        public string Name { get; set; } = "";

        public float[] Pixels = [1, 2, 3];

        public float[] Any = [];
    }

    [Fact]
    public void A_schema_gives_the_sizes_that_attributes_do_not()
    {
        ITransformer sized = context.Transforms.Concatenate("Joined", "Pixels", "Pixels").Fit(view);
        using var without = context.Model.CreatePredictionEngine<Unlabelled, Prediction>(sized);
        Assert.False(((VectorDataViewType)without.OutputSchema["Joined"].Type).IsKnownSize);
        var wanted = SchemaDefinition.Create(typeof(Unlabelled));
        wanted["Pixels"].ColumnType = view.Schema["Pixels"].Type;
        foreach (var engine in new[]
        {
            context.Model.CreatePredictionEngine<Unlabelled, Prediction>(sized, view.Schema),
            context.Model.CreatePredictionEngine<Unlabelled, Prediction>(sized, inputSchemaDefinition: wanted),
        })
        {
            Assert.Equal(6, ((VectorDataViewType)engine.OutputSchema["Joined"].Type).Size);
            Assert.Equal([1, 2, 3, 1, 2, 3], engine.Predict(new Unlabelled()).Joined);
            engine.Dispose();
        }
    }

    private sealed class Disposable(ITransformer inner) : ITransformer, IDisposable
    {
        public int Disposals { get; private set; }

        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        public void Save(ModelSaveContext ctx) => inner.Save(ctx);

        public void Dispose() => Disposals++;
    }

    [Fact]
    public void An_engine_disposes_the_model_that_it_owns()
    {
        var own = new Disposable(model);
        context.Model.CreatePredictionEngine<Digit, Prediction>(new TransformerChain<ITransformer>(own)).Dispose();
        Assert.Equal(1, own.Disposals);
        context.Model.CreatePredictionEngine<Digit, Prediction>(own, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        Assert.Equal(1, own.Disposals);
    }
}
