using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// A cursor that reads a batch of rows ahead, runs the model once on all of them when the first of their outputs is asked for, and serves
/// them row by row. Of the source's columns those that are active are kept for the batch, and no others.
/// </summary>
internal sealed class BatchCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly BatchMapper _mapper;
    private readonly ModelLease _lease;
    private readonly bool[] _active;
    private readonly ColumnBuffer?[] _columns;
    private readonly StagingBuffer _inputs;
    private readonly StagingBuffer? _labels;
    private readonly float[] _outputs;
    private readonly DataViewRowId[] _ids;
    private readonly long[] _batches;
    private readonly ValueGetter<DataViewRowId> _sourceId;
    private readonly ValueGetter<VBuffer<float>> _output;
    private ExceptionDispatchInfo? _pending;
    private bool _exhausted, _computed, _disposed;
    private int _filled, _at = -1;
    private long _position = -1;

    public BatchCursor(DataViewRowCursor source, BatchMapper mapper, bool[] active, ModelLease lease, int batchSize)
    {
        _source = source;
        _mapper = mapper;
        _active = active;
        _lease = lease;
        var outputSize = mapper.Model.Output.Size;
        _outputs = new float[checked(batchSize * outputSize)];
        _ids = new DataViewRowId[batchSize];
        _batches = new long[batchSize];
        _sourceId = source.GetIdGetter();
        (_inputs, _labels) = mapper.Stage(source, batchSize, Current);
        _columns = [.. source.Schema.Select(column => column.Index == mapper.InputColumns[0].Index ? _inputs
            : mapper.InputColumns.Count > 1 && column.Index == mapper.InputColumns[1].Index ? _labels
            : active[column.Index] ? ColumnBuffer.Create(source, column, batchSize, Current) : null)];
        _output = (ref VBuffer<float> value) =>
        {
            var row = Current();
            Compute();
            Rows.Copy(_outputs.AsSpan(row * outputSize, outputSize), ref value);
        };
    }

    public override long Position => _position;

    public override long Batch => _at < 0 ? 0 : _batches[_at];

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        if (_disposed) return false;
        if (_at + 1 == _filled)
        {
            Fill();
            if (_filled == 0)
            {
                _at = -1;
                _position = -1;
                return false;
            }
        }
        _at++;
        _position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var getter = !_active[column.Index] ? null
            : column.Index == _mapper.OutputColumn.Index ? _output : _columns[column.Index]!.Getter;
        return Rows.Cast<TValue>(getter, column);
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _ids[Current()];

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _at = -1;
            _filled = 0;
            _source.Dispose();
            _lease.Dispose();
        }
        base.Dispose(disposing);
    }

    private int Current() => _at >= 0 ? _at : throw Rows.NotAtRow();

    /// <summary>Reads the next rows. An error in one of them waits until those before it are served.</summary>
    private void Fill()
    {
        _filled = 0;
        _at = -1;
        _computed = false;
        _pending?.Throw();
        while (!_exhausted && _filled < _ids.Length)
        {
            try
            {
                if (!_source.MoveNext())
                {
                    _exhausted = true;
                    return;
                }
                foreach (var column in _columns) column?.Read(_filled);
                _sourceId(ref _ids[_filled]);
                _batches[_filled] = _source.Batch;
                _filled++;
            }
            catch (Exception e)
            {
                _pending = ExceptionDispatchInfo.Capture(e);
                if (_filled > 0) return;
                throw;
            }
        }
    }

    private void Compute()
    {
        if (_computed) return;
        _mapper.RequireRange(_inputs.Filled(_filled));
        _lease.Run(_inputs.Filled(_filled), _labels is null ? [] : _labels.Filled(_filled),
            _outputs.AsSpan(0, _filled * _mapper.Model.Output.Size));
        _computed = true;
    }
}
