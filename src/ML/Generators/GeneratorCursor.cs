using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A cursor over some of the batches of a generator's samples: every <c>parts</c>-th, beginning with the <c>part</c>-th.</summary>
internal sealed class GeneratorCursor : DataViewRowCursor
{
    private const int ImageColumn = 0, LatentColumn = 1;

    private readonly GeneratorView _view;
    private readonly bool[] _active;
    private readonly ModelLease _lease;
    private readonly int _batchSize, _parts;
    private readonly long _firstBatch;
    private readonly Delegate?[] _getters;

    // Of one whole batch of sample indices; allocated when the first image is asked for.
    private float[]? _latents, _images, _labels;
    private long _generated = -1, _labelled = -1;
    private long _sample, _position = -1;
    private bool _started, _done;

    public GeneratorCursor(GeneratorView view, bool[] active, ModelLease lease, int part, int parts)
    {
        _view = view;
        _active = active;
        _lease = lease;
        _parts = parts;
        _batchSize = view.Options.Model.BatchSize;
        _firstBatch = view.Options.First / _batchSize;
        _sample = part == 0 ? view.Options.First : checked((_firstBatch + part) * _batchSize);
        _getters =
        [
            active[ImageColumn] ? (ValueGetter<VBuffer<float>>)Image : null,
            active[LatentColumn] ? (ValueGetter<VBuffer<float>>)Latent : null,
            view.Label is { } label && active[^1] ? label.Getter(Label) : null,
        ];
    }

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _sample / _batchSize - _firstBatch;

    public override DataViewSchema Schema => _view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_done) return false;
        if (_started)
        {
            _sample++;
            // The other cursors of the set have the batches in between.
            if (_parts > 1 && _sample % _batchSize == 0) _sample += (long)(_parts - 1) * _batchSize;
        }
        _started = true;
        if (_sample >= _view.End || _sample < 0)
        {
            Finish();
            return false;
        }
        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Rows.Cast<TValue>(_getters[column.Index], column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Sample(), 0);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Finish();
            _lease.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Finish()
    {
        _done = true;
        _position = -1;
    }

    private long Sample() => _position >= 0 ? _sample : throw Rows.NotAtRow();

    private void Latent(ref VBuffer<float> value)
    {
        var at = Sample();
        var size = _view.Latent.Size;
        var editor = VBufferEditor.Create(ref value, size);
        Latents.Truncated(_view.Seed, at, size, _view.Options.Model.Truncation, editor.Values);
        value = editor.Commit();
    }

    private void Image(ref VBuffer<float> value)
    {
        long at = Sample(), batch = at / _batchSize;
        var size = _view.Image.Size;
        if (_images is null || batch != _generated) Generate(batch);
        Rows.Copy(_images.AsSpan((int)(at % _batchSize) * size, size), ref value);
    }

    private ReadOnlyMemory<float> Label()
    {
        var at = Sample();
        var size = _view.Label!.Size;
        return Labels(at / _batchSize).AsMemory((int)(at % _batchSize) * size, size);
    }

    private float[] Labels(long batch)
    {
        if (_labels is null || batch != _labelled)
            _labels = _lease.LabelVectors(_batchSize, _view.Seed, batch * _batchSize, _view.Options.Labels);
        _labelled = batch;
        return _labels;
    }

    private void Generate(long batch)
    {
        _latents ??= new float[checked(_batchSize * _view.Latent.Size)];
        _images ??= new float[checked(_batchSize * _view.Image.Size)];
        _generated = -1;
        Latents.Truncated(_view.Seed, batch * _batchSize, _view.Latent.Size, _view.Options.Model.Truncation, _latents);
        _lease.Run(_latents, Labels(batch), _images);
        _generated = batch;
    }
}
