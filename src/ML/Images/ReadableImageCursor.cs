using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>
/// A cursor that leaves out the rows whose files are no usable images. Each file is read to know, whatever columns are
/// active.
/// </summary>
internal sealed class ReadableImageCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _source;
    private readonly GanImageLoadingTransformer _loader;
    private readonly ImageMapper _mapper;
    private readonly bool[] _active;
    private readonly ValueGetter<ReadOnlyMemory<char>> _sourcePath;
    private readonly ValueGetter<VBuffer<float>> _output;
    private readonly byte[] _pixels;
    private readonly float[] _image;
    private ReadOnlyMemory<char> _path;
    private long _position = -1;

    public ReadableImageCursor(DataViewRowCursor source, GanImageLoadingTransformer loader, ImageMapper mapper, bool[] active)
    {
        _source = source;
        _loader = loader;
        _mapper = mapper;
        _active = active;
        _sourcePath = source.GetGetter<ReadOnlyMemory<char>>(source.Schema[mapper.InputColumns[0].Index]);
        _pixels = new byte[loader.Form.Size];
        _image = new float[loader.Form.Size];
        _output = (ref VBuffer<float> value) => Rows.Copy(_position >= 0 ? _image : throw Rows.NotAtRow(), ref value);
    }

    public override long Position => _position;

    public override long Batch => _source.Batch;

    public override DataViewSchema Schema => _mapper.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => _source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        while (_source.MoveNext())
        {
            _sourcePath(ref _path);
            var file = _loader.FullPath(_path);
            if (_loader.Read(file, _pixels, _image) is not { } problem)
            {
                _position++;
                return true;
            }
            _loader.Skip(file, problem);
        }
        _position = -1;
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index == _mapper.OutputColumn.Index) return Rows.Cast<TValue>(_active[column.Index] ? _output : null, column);
        return _active[column.Index] ? _source.GetGetter<TValue>(_source.Schema[column.Index]) : Rows.Cast<TValue>(null, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }
}
