using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// A cursor over real and generated rows. Which comes next is drawn: each of the rows that are left is as likely as any other, so that a
/// pass needs no memory of its order.
/// </summary>
internal sealed class AugmentedCursor : DataViewRowCursor
{
    // Of the ids of generated rows, so that none is a real row's.
    private const ulong GeneratedId = 0x47454E4552415445;

    private readonly AugmentedView _view;
    private readonly AugmentedPlan _plan;
    private readonly bool[] _active;
    private readonly DataViewRowCursor _real;
    private readonly ModelLease _lease;
    private readonly Random _random;
    private readonly Delegate?[] _getters;
    private readonly ValueGetter<DataViewRowId> _realId;
    private readonly int _batchSize;
    private float[]? _latents, _labels, _images;
    private long _position = -1, _realLeft;
    private int _row = -1, _generatedBatch = -1;
    private bool _isReal, _done;

    public AugmentedCursor(AugmentedView view, bool[] active, DataViewRowCursor real, ModelLease lease)
    {
        _view = view;
        _plan = view.Plan;
        _active = active;
        _real = real;
        _lease = lease;
        _batchSize = view.Options.Model.BatchSize;
        _random = new Random(GeneratedOrder.HashCode32(view.Options.Seed ?? 0));
        _realLeft = _plan.RealRows;
        _realId = real.GetIdGetter();
        _getters =
        [
            active[0] ? ImageGetter() : null,
            active[1] ? view.Classes.Getter(real, () => AtReal() ? null : _plan.Names[_plan.Order.Class(_row)]) : null,
            active[2] ? (ValueGetter<bool>)((ref bool value) => value = !AtReal()) : null,
        ];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_done) return false;
        var generatedLeft = _plan.Order.Count - _row - 1;
        _isReal = _realLeft > 0 && (generatedLeft == 0 || !_view.Options.Shuffle
            || _random.NextDouble() * (_realLeft + generatedLeft) < _realLeft);
        if (_isReal)
        {
            _realLeft--;
            // A view that says more rows than it has.
            if (!_real.MoveNext()) _isReal = false;
        }
        if (!_isReal)
        {
            if (generatedLeft == 0)
            {
                _done = true;
                _position = -1;
                return false;
            }
            _row++;
        }
        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Rows.Cast<TValue>(_getters[column.Index], column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) =>
    {
        if (AtReal()) _realId(ref value);
        else value = new DataViewRowId((ulong)_row, GeneratedId);
    };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _done = true;
            _position = -1;
            _real.Dispose();
            _lease.Dispose();
        }
        base.Dispose(disposing);
    }

    private bool AtReal() => _position >= 0 ? _isReal : throw Rows.NotAtRow();

    private ValueGetter<VBuffer<float>> ImageGetter()
    {
        var real = _real.GetGetter<VBuffer<float>>(_real.Schema[_view.ImageColumn.Index]);
        return (ref VBuffer<float> value) =>
        {
            if (AtReal())
            {
                real(ref value);
                return;
            }
            if (_row / _batchSize != _generatedBatch) Generate(_row / _batchSize);
            Rows.Copy(_images.AsSpan(_row % _batchSize * _view.ImageSize, _view.ImageSize), ref value);
        };
    }

    private void Generate(int batch)
    {
        int first = batch * _batchSize, count = Math.Min(_batchSize, _plan.Order.Count - first);
        _latents ??= new float[checked(_batchSize * _view.LatentSize)];
        _labels ??= new float[checked(_batchSize * _view.LabelSize)];
        _images ??= new float[checked(_batchSize * _view.ImageSize)];
        _generatedBatch = -1;
        var seed = _view.Options.Seed ?? 0;
        for (var i = 0; i < count; i++)
        {
            var index = _plan.Order.Latent(first + i);
            Latents.Truncated(seed, index, _view.LatentSize, _view.Options.Model.Truncation,
                _latents.AsSpan(i * _view.LatentSize, _view.LatentSize));
            if (_plan.Requests is { } requests)
                _lease.LabelVectors(1, seed, index, [requests[_plan.Order.Class(first + i)]])
                    .CopyTo(_labels, i * _view.LabelSize);
        }
        _lease.Run(_latents.AsSpan(0, count * _view.LatentSize), _labels.AsSpan(0, count * _view.LabelSize),
            _images.AsSpan(0, count * _view.ImageSize));
        _generatedBatch = batch;
    }
}
