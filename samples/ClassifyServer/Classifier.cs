using GanPipeline.Data;
using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;

/// <summary>The model, and a pool of prediction engines on it: an engine is for one thread at a time, and dear to make.</summary>
internal sealed class Classifier : IDisposable
{
    private readonly ITransformer _model;
    private readonly string[] _classes;
    private readonly PictureReader _reader;
    private readonly ObjectPool<PredictionEngine<Picture, Prediction>> _engines;
    private readonly SemaphoreSlim _turns;

    /// <param name="file">The saved chain.</param>
    /// <param name="atOnce">How many pictures are computed at once, and engines kept. Others wait.</param>
    public Classifier(string file, int atOnce)
    {
        var ml = new MLContext();
        _model = ml.Model.LoadGanPipeline(file, out var schema);
        var images = schema.Where(column => column.Type is VectorDataViewType { ItemType: NumberDataViewType, Dimensions.Length: 3 });
        if (images.ToArray() is not [{ Type: VectorDataViewType { Dimensions: [var channels, var size, var width] } } image]
            || size != width)
            throw new InvalidDataException("it does not read one column of square images [C, H, W].");
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (_model.GetOutputSchema(schema).GetColumnOrNull("Score") is not { } score || !score.HasSlotNames())
            throw new InvalidDataException("it has no column Score with the names of classes.");
        score.GetSlotNames(ref names);
        _classes = [.. names.DenseValues().Select(name => name.ToString())];
        _reader = new PictureReader(size, channels);

        var picture = SchemaDefinition.Create(typeof(Picture));
        (picture[nameof(Picture.Image)].ColumnName, picture[nameof(Picture.Image)].ColumnType) = (image.Name, image.Type);
        // An engine that is thrown away, because the pool has enough, leaves the model to the others.
        var options = new PredictionEngineOptions { InputSchemaDefinition = picture, OwnsTransformer = false };
        _engines = new DefaultObjectPoolProvider { MaximumRetained = atOnce }.Create(new Engines(ml, _model, options));
        _turns = new SemaphoreSlim(atOnce);
    }

    /// <param name="file">A picture's file: PNG, JPEG and so on.</param>
    /// <param name="gone">Whoever asked has gone.</param>
    /// <exception cref="DataSetException">It cannot be used; the message says why.</exception>
    public async Task<Answer> Classify(ReadOnlyMemory<byte> file, CancellationToken gone)
    {
        await _turns.WaitAsync(gone);
        var engine = _engines.Get();
        try
        {
            var scores = engine.Predict(new Picture { Image = _reader.Read(file.Span).Values }).Score;
            return new(_classes[scores.IndexOf(scores.Max())], _classes.Zip(scores).ToDictionary(pair => pair.First, pair => pair.Second));
        }
        finally
        {
            _engines.Return(engine);
            _turns.Release();
        }
    }

    public void Dispose()
    {
        (_engines as IDisposable)?.Dispose();
        (_model as IDisposable)?.Dispose();
        _turns.Dispose();
    }

    private sealed class Engines(MLContext ml, ITransformer model, PredictionEngineOptions options)
        : PooledObjectPolicy<PredictionEngine<Picture, Prediction>>
    {
        public override PredictionEngine<Picture, Prediction> Create() =>
            ml.Model.CreatePredictionEngine<Picture, Prediction>(model, options);

        public override bool Return(PredictionEngine<Picture, Prediction> obj) => true;
    }
}

internal sealed record Answer(string Class, Dictionary<string, float> Scores);

internal sealed class Picture
{
    public float[] Image { get; set; } = [];
}

internal sealed class Prediction
{
    public float[] Score { get; set; } = [];
}
