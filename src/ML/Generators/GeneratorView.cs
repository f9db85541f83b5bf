using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>
/// Samples of a generator as data: row i is the image of latent <see cref="GeneratorViewOptions.First"/> + i of the
/// seed.
/// </summary>
/// <remarks>
/// Nothing is kept: every cursor generates what it is asked for, in batches, when the first image of a batch is asked for. A row depends on
/// its index and the seed alone. The batches are those of the sample indices, multiples of the batch size, whole even where a view begins
/// or ends within one; so an image is the same to the last bit whatever cursor of whatever view of the model shows it. Rows whose images
/// nobody asks for cost nothing.
/// Cursors that are open when the view is disposed go on and free the model when they are disposed; new ones are refused.
/// </remarks>
public sealed class GeneratorView : IDataView, IDisposable
{
    private readonly SharedModel _model;
    private readonly ModelLease _lease;
    private bool _disposed;

    internal GeneratorView(GeneratorViewOptions options) : this(options, Open)
    {
    }

    /// <param name="options">Checked before the model is opened.</param>
    /// <param name="open">Opens the model.</param>
    internal GeneratorView(GeneratorViewOptions options, Func<GeneratorViewOptions, SharedModel> open)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.ImageColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.LatentColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        if (options.Count is { } count) ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(options.Count));
        ArgumentOutOfRangeException.ThrowIfNegative(options.First);
        if (options.Count > long.MaxValue - options.First)
            throw new ArgumentOutOfRangeException(nameof(options), options.Count,
                $"The samples from {options.First} on have no more indices than {long.MaxValue - options.First}.");
        Options = options;
        _model = open(options);
        _lease = _model.Lease();
        try
        {
            // A label that the generator does not know is an error now, not at the first row.
            _lease.LabelVectors(1, Seed, options.First, options.Labels);
        }
        catch
        {
            _lease.Dispose();
            throw;
        }
        Label = LabelColumn.Of(_model, options.TextLabels);
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(options.ImageColumnName, _model.Output.Type);
        builder.AddColumn(options.LatentColumnName, _model.Input.Type);
        if (Label is not null) builder.AddColumn(options.LabelColumnName, Label.Type, Label.Annotations);
        Schema = builder.ToSchema();
    }

    /// <summary>What the view shows.</summary>
    public GeneratorViewOptions Options { get; }

    /// <summary>False: the samples are independent of each other, so that their order says nothing.</summary>
    public bool CanShuffle => false;

    /// <summary>The columns of images and latents, and of labels where the generator is conditional.</summary>
    public DataViewSchema Schema { get; }

    internal VectorForm Image => _model.Output;

    internal VectorForm Latent => _model.Input;

    /// <summary>Null where the generator is not conditional.</summary>
    internal LabelColumn? Label { get; }

    internal long Seed => Options.Seed ?? 0;

    /// <summary>The index after the last sample's.</summary>
    internal long End => Options.Count is { } count ? Options.First + count : long.MaxValue;

    /// <summary>How many samples; null where there is no end.</summary>
    public long? GetRowCount() => Options.Count;

    /// <summary>A cursor over all samples, in order.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        Cursor(Rows.Active(Schema, columnsNeeded), part: 0, parts: 1);

    /// <summary>Cursors that share the samples, whole batches to each by turns.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        var parts = (int)Math.Clamp(Options.Count / Options.Model.BatchSize ?? n, 1, Math.Max(1, n));
        return [.. Enumerable.Range(0, parts).Select(part => Cursor(active, part, parts))];
    }

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose()
    {
        _disposed = true;
        _lease.Dispose();
    }

    private static SharedModel Open(GeneratorViewOptions options) =>
        TransformKind.OfImages.Open(options.ModelFile, options.ModelBytes, options.Model);

    private GeneratorCursor Cursor(bool[] active, int part, int parts)
    {
        if (_disposed)
            throw new ObjectDisposedException(null, $"The view of samples of '{_model.Name}' was disposed; dispose it after its last use.");
        return new GeneratorCursor(this, active, _model.Lease(), part, parts);
    }
}
