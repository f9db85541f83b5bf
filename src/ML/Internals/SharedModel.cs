using Microsoft.ML;

namespace GanPipeline.ML;

/// <summary>
/// A model that an estimator, the transformers that it made, their views and all open cursors share: one session. Who uses it holds a
/// <see cref="ModelLease"/>; when the last is given back, the session is freed, and the next lease opens it again from the bytes. So a
/// transformer may be disposed while its cursors are open, and the model's file may be gone.
/// </summary>
internal sealed class SharedModel
{
    private readonly Lock _gate = new();
    private readonly Func<IVectorModel> _reopen;
    private IVectorModel? _model;
    private int _leases;

    /// <param name="name">What errors call the model: its path.</param>
    /// <param name="model">The open model, which becomes this object's.</param>
    /// <param name="bytes">Its ONNX file.</param>
    /// <param name="reopen">Opens it from the bytes.</param>
    public SharedModel(string name, IVectorModel model, byte[] bytes, Func<IVectorModel> reopen)
    {
        _reopen = reopen;
        _model = model;
        Name = name;
        Bytes = bytes;
        Input = model.Input;
        Output = model.Output;
        Label = model.Label;
        Labels = model.Labels;
        Slots = model.SlotNames.Count > 0 ? NameAnnotations.OfSlots(model.SlotNames) : null;
    }

    public string Name { get; }

    public byte[] Bytes { get; }

    public VectorForm Input { get; }

    public VectorForm Output { get; }

    /// <summary>What a conditional model is told beside its input; null for the others.</summary>
    public VectorForm? Label { get; }

    /// <summary>What the label's numbers stand for, where the model says.</summary>
    public LabelLayout? Labels { get; }

    /// <summary>The names of the output's values; null where they have none.</summary>
    public DataViewSchema.Annotations? Slots { get; }

    public ModelLease Lease()
    {
        lock (_gate)
        {
            _model ??= _reopen();
            _leases++;
            return new ModelLease(this, _model);
        }
    }

    internal void Return()
    {
        lock (_gate)
        {
            if (--_leases > 0) return;
            _model?.Dispose();
            _model = null;
        }
    }
}

/// <summary>The right to use a shared model until disposal.</summary>
internal sealed class ModelLease(SharedModel owner, IVectorModel model) : IDisposable
{
    private int _returned;

    /// <exception cref="ObjectDisposedException">The lease was given back.</exception>
    public void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, Span<float> outputs) => Model.Run(inputs, labels, outputs);

    /// <inheritdoc cref="IVectorModel.LabelVectors"/>
    public float[] LabelVectors(int count, long seed, long first, IReadOnlyList<string> labels) =>
        Model.LabelVectors(count, seed, first, labels);

    private IVectorModel Model
    {
        get
        {
            ObjectDisposedException.ThrowIf(_returned != 0, this);
            return model;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0) owner.Return();
    }
}
