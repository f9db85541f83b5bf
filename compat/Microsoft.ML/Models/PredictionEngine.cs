using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Applies a transformer to single objects. Not for several threads at once.</summary>
public abstract class PredictionEngineBase<TSrc, TDst> : IDisposable where TSrc : class where TDst : class, new()
{
    private readonly ITransformer transformer;
    private readonly bool ownsTransformer;
    private readonly DataViewRow output;
    private bool isDisposed;

    private protected PredictionEngineBase(ITransformer transformer, RowBinding<TSrc> source, RowBinding<TDst> target, bool ignoreMissing,
        bool ownsTransformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        if (!transformer.IsRowToRowMapper)
            throw new ArgumentException("a prediction engine needs a model that maps row by row", nameof(transformer));
        this.transformer = transformer;
        this.ownsTransformer = ownsTransformer;
        Input = new(source);
        var mapper = transformer.GetRowToRowMapper(Input.Schema);
        var columns = target.Sources(mapper.OutputSchema, ignoreMissing);
        output = mapper.GetRow(Input, [.. columns.Where(column => column is not null).Select(column => column.Value)]);
        Write = target.Writer(output, columns);
    }

    public DataViewSchema OutputSchema => output.Schema;

    private protected ObjectRow<TSrc> Input { get; }

    /// <summary>Writes the prediction for the object of <see cref="Input"/>.</summary>
    private protected Action<TDst> Write { get; }

    public TDst Predict(TSrc example)
    {
        var prediction = new TDst();
        Predict(example, ref prediction);
        return prediction;
    }

    /// <summary>Predicts into an object, whose arrays of the right length are written into.</summary>
    public abstract void Predict(TSrc example, ref TDst prediction);

    /// <summary>Disposes the transformer too, unless told otherwise when the engine was made.</summary>
    public void Dispose()
    {
        if (isDisposed) return;
        isDisposed = true;
        output.Dispose();
        if (ownsTransformer) (transformer as IDisposable)?.Dispose();
    }

    private protected void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(isDisposed, this);
}

/// <inheritdoc cref="PredictionEngineBase{TSrc, TDst}"/>
public sealed class PredictionEngine<TSrc, TDst> : PredictionEngineBase<TSrc, TDst> where TSrc : class where TDst : class, new()
{
    internal PredictionEngine(ITransformer transformer, RowBinding<TSrc> source, RowBinding<TDst> target, bool ignoreMissing,
        bool ownsTransformer)
        : base(transformer, source, target, ignoreMissing, ownsTransformer) { }

    public override void Predict(TSrc example, ref TDst prediction)
    {
        ArgumentNullException.ThrowIfNull(example);
        ThrowIfDisposed();
        Input.Set(example);
        Write(prediction ??= new TDst());
    }
}
