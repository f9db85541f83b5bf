using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>What the transformers on ONNX models share: a column made of another one in batches.</summary>
internal sealed class BatchTransform : IDisposable
{
    // Resized and normalised pictures may stray beyond 1, but not so far.
    private const float Beyond = 2;

    private readonly ModelLease _lease;
    private volatile bool _isRangeSeen;
    private bool _disposed;

    /// <param name="model">The model.</param>
    /// <param name="kind">What the transform is, for its saved form.</param>
    /// <param name="outputColumnName">The column to add.</param>
    /// <param name="inputColumnName">The column it is made of.</param>
    /// <param name="batchSize">Rows that enter the model at once.</param>
    /// <param name="labelColumnName">The column of labels where the model is conditional, else null.</param>
    public BatchTransform(SharedModel model, TransformKind kind, string outputColumnName, string inputColumnName, int batchSize,
        string? labelColumnName = null)
    {
        Model = model;
        Kind = kind;
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
        LabelColumnName = labelColumnName;
        BatchSize = batchSize;
        _lease = model.Lease();
    }

    public SharedModel Model { get; }

    public TransformKind Kind { get; }

    public string OutputColumnName { get; }

    public string InputColumnName { get; }

    public string? LabelColumnName { get; }

    /// <summary>Whether labels are keys or texts.</summary>
    public bool HasNamedLabels { get; init; }

    public int BatchSize { get; }

    public string Taker => $"{Kind.Model} '{Model.Name}'";

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => GetRowToRowMapper(inputSchema).OutputSchema;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BatchMapper(this, inputSchema);
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireOpen();
        return new AddedColumnView(input, new BatchMapper(this, input.Schema));
    }

    /// <summary>The model for a new cursor or row, which keeps it open even when the transform is disposed.</summary>
    public ModelLease Lease()
    {
        RequireOpen();
        return Model.Lease();
    }

    /// <summary>The first images: can they be in [-1, 1]? Pixels from 0 to 255 would give what looks like any other result.</summary>
    /// <exception cref="InvalidOperationException">They cannot.</exception>
    public void RequireRange(ReadOnlySpan<float> inputs)
    {
        if (_isRangeSeen || Kind.Name == TransformKind.Images || inputs.IsEmpty) return;
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (var value in inputs) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        // What is NaN is told by the model.
        if (low < -Beyond || high > Beyond)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The images in column '{InputColumnName}' have values from {low:G4} to {high:G4}; {Taker} takes [-1, 1]. Of pixels from " +
                $"0 to 255, ExtractPixels makes that with offsetImage: 127.5f, scaleImage: 1 / 127.5f; LoadGanImages does it by itself."));
        }
        _isRangeSeen = true;
    }

    public void Save(ModelSaveContext ctx) => StockTransform.Save(this, ctx);

    /// <summary>Tells what would be an error in the middle of saving: a chain may never be saved, so that it is none before.</summary>
    public void TellOfSaving(ContextSettings context)
    {
        if (StockTransform.Problem(this) is { } problem) context.Inform(problem);
    }

    public void Dispose()
    {
        _disposed = true;
        _lease.Dispose();
    }

    private void RequireOpen()
    {
        if (!_disposed) return;
        throw new ObjectDisposedException(null,
            $"The transformer that adds '{OutputColumnName}' by {Taker} was disposed; dispose it after its views' last use. A " +
            "PredictionEngine that is disposed takes the model with it, unless PredictionEngineOptions.OwnsTransformer is false.");
    }
}
