using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A cursor over some of a data set's images: every <c>parts</c>-th batch, beginning with the <c>part</c>-th.</summary>
internal sealed class ImageSourceCursor : DataViewRowCursor
{
    private readonly ImageSourceView _view;
    private readonly bool[] _active;
    private readonly int[]? _order;
    private readonly int _parts;
    private readonly Delegate[] _getters;
    private readonly byte[] _pixels;
    private readonly float[] _attributes;
    private int _next, _index = -1, _place;
    private long _position = -1;
    private bool _hasImage, _hasAttributes;

    /// <param name="view">Whose images.</param>
    /// <param name="active">By its columns.</param>
    /// <param name="order">The images in the order in which they come; null for their own.</param>
    /// <param name="part">Which cursor of a set.</param>
    /// <param name="parts">How many the set has.</param>
    public ImageSourceCursor(ImageSourceView view, bool[] active, int[]? order, int part, int parts)
    {
        _view = view;
        _active = active;
        _order = order;
        _parts = parts;
        _next = part * ImageSourceView.BatchSize;
        _pixels = new byte[view.Form.Size];
        _attributes = new float[view.Source.Attributes.Count];
        _getters = [.. view.Schema.Select(Getter)];
    }

    public override long Position => _position;

    public override long Batch => _position < 0 ? 0 : _place / ImageSourceView.BatchSize;

    public override DataViewSchema Schema => _view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        while (_next < _view.Source.Count)
        {
            _place = _next;
            _index = _order is null ? _next : _order[_next];
            // The other cursors of the set have the batches in between.
            if (++_next % ImageSourceView.BatchSize == 0) _next += (_parts - 1) * ImageSourceView.BatchSize;
            _hasAttributes = false;
            _hasImage = _active[0] || (IsPair && _active[1]);
            if (!_view.TryRead(_index, _hasImage, _pixels)) continue;
            _position++;
            return true;
        }
        _position = -1;
        _index = -1;
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Rows.Cast<TValue>(_active[column.Index] ? _getters[column.Index] : null, column);

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId value) => value = new DataViewRowId((ulong)Current(), 0);

    private bool IsPair => _view.Source.ConditionChannels > 0;

    private int Current() => _position >= 0 ? _index : throw Rows.NotAtRow();

    private Delegate Getter(DataViewSchema.Column column)
    {
        if (column.Index == 0 || (column.Index == 1 && IsPair)) return Image(column);
        // The attributes' columns are the last ones, behind that of files.
        var attribute = column.Index - (_view.Schema.Count - _view.Attributes.Length);
        if (attribute == -1) return (ValueGetter<ReadOnlyMemory<char>>)File;
        if (attribute < -1) return (ValueGetter<uint>)((ref uint value) => value = (uint)(_view.Source.Label(Current()) + 1));
        var place = _view.Attributes[attribute];
        if (column.Type is KeyDataViewType)
            return (ValueGetter<uint>)((ref uint value) => value = Value(place) is >= 0 and var known ? (uint)known + 1 : 0);
        return column.Type is BooleanDataViewType
            ? (ValueGetter<bool>)((ref bool value) => value = Known(place) > 0)
            : (ValueGetter<float>)((ref float value) => value = Value(place));
    }

    private ValueGetter<VBuffer<float>> Image(DataViewSchema.Column column)
    {
        var size = ((VectorDataViewType)column.Type).Size;
        var first = column.Index == 0 ? 0 : _pixels.Length - size;
        return (ref VBuffer<float> value) =>
        {
            Current();
            var editor = VBufferEditor.Create(ref value, size);
            PixelValues.ToFloats(_pixels.AsSpan(first, size), editor.Values);
            value = editor.Commit();
        };
    }

    private void File(ref ReadOnlyMemory<char> value) => value = (_view.Source.FileOf(Current())?.File ?? "").AsMemory();

    private float Known(int place) => Value(place) is >= 0 and var known ? known : throw new InvalidOperationException(
        $"Image {_index} of {_view.Source.Name} has no value of '{_view.Source.Attributes[place].Name}'.");

    private float Value(int place)
    {
        var index = Current();
        if (!_hasAttributes) _view.Source.ReadAttributes(index, _attributes);
        _hasAttributes = true;
        return _attributes[place];
    }
}
