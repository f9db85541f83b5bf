using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>Real images and generated ones of their classes, in one view: columns of images, of classes, and of which is which.</summary>
/// <remarks>
/// Nothing is kept: every cursor reads the real rows and generates the others in batches, and shows the same rows in the same order. Real
/// rows keep the order among them. Cursors that are open when the view is disposed go on and free the model when they are disposed; new
/// ones are refused.
/// </remarks>
public sealed class AugmentedView : IDataView, IDisposable
{
    private readonly SharedModel _model;
    private readonly ModelLease _lease;
    private readonly Lazy<AugmentedPlan> _plan;
    private bool _disposed;

    internal AugmentedView(IDataView real, GeneratedAppendingOptions options)
        : this(real, options, TransformKind.OfImages.Open(options.ModelFile, options.ModelBytes, options.Model))
    {
    }

    internal AugmentedView(IDataView real, GeneratedAppendingOptions options, SharedModel model)
    {
        Real = real;
        Options = options;
        _model = model;
        _lease = model.Lease();
        try
        {
            ImageColumn = Schemas.Input(real.Schema, options.ImageColumnName, model.Output, $"a view with images of '{model.Name}'");
            Classes = ClassColumn.Of(real.Schema, options.LabelColumnName);
            LabelColumn = real.Schema[options.LabelColumnName];
            // Of keys all names are known now, and so is what is wrong with them.
            if (Classes.Names is { } names) AugmentedPlan.Ask(options, model, names);
        }
        catch
        {
            _lease.Dispose();
            throw;
        }
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(options.ImageColumnName, ImageColumn.Type, ImageColumn.Annotations);
        builder.AddColumn(options.LabelColumnName, LabelColumn.Type, LabelColumn.Annotations);
        builder.AddColumn(options.GeneratedColumnName, BooleanDataViewType.Instance);
        Schema = builder.ToSchema();
        _plan = new(() => AugmentedPlan.Make(this, model));
    }

    /// <summary>What is added.</summary>
    public GeneratedAppendingOptions Options { get; }

    /// <summary>False: shuffle the real rows before, or this view by <c>ShuffleRows</c>.</summary>
    public bool CanShuffle => false;

    /// <summary>The columns of images, of classes, typed as the real ones are, and of which rows are generated.</summary>
    public DataViewSchema Schema { get; }

    internal IDataView Real { get; }

    internal ClassColumn Classes { get; }

    internal DataViewSchema.Column ImageColumn { get; }

    internal DataViewSchema.Column LabelColumn { get; }

    internal AugmentedPlan Plan => _plan.Value;

    internal int LatentSize => _model.Input.Size;

    internal int LabelSize => _model.Label?.Size ?? 0;

    internal int ImageSize => _model.Output.Size;

    /// <summary>How many rows; null as long as the real ones were not counted.</summary>
    public long? GetRowCount() => _plan.IsValueCreated ? Plan.RealRows + Plan.Order.Count : null;

    /// <summary>A cursor over all rows, in order.</summary>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = Rows.Active(Schema, columnsNeeded);
        if (_disposed)
            throw new ObjectDisposedException(null,
                $"The view with images of '{_model.Name}' was disposed; dispose it after its last use.");
        _ = Plan;
        DataViewSchema.Column[] needed = [.. new[] { ImageColumn, LabelColumn }.Where((_, i) => active[i])];
        return new AugmentedCursor(this, active, Real.GetRowCursor(needed), _model.Lease());
    }

    /// <summary>One cursor: the order of rows is that of one.</summary>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Frees the model when no open cursor uses it any more.</summary>
    public void Dispose()
    {
        _disposed = true;
        _lease.Dispose();
    }
}
