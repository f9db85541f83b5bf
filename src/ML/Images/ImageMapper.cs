using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>What the image loader does under one input schema.</summary>
internal sealed class ImageMapper(GanImageLoadingTransformer loader, DataViewSchema inputSchema)
    : AddedColumnMapper(inputSchema, [Input(inputSchema, loader.InputColumnName)], loader.Options.OutputColumnName, loader.Form.Type)
{
    private bool Skips => loader.Options.Unreadable == UnreadableImages.Skip;

    /// <summary>Where rows may be left out, every cursor reads the paths: all of them show the same rows.</summary>
    public override IEnumerable<DataViewSchema.Column> Needed(bool[] active) =>
        Skips ? InputSchema.Where(column => active[column.Index] || IsInput(column)) : base.Needed(active);

    public override long? GetRowCount(long? input) => Skips ? null : input;

    public override DataViewRowCursor GetCursor(DataViewRowCursor input, bool[] active) =>
        Skips ? new ReadableImageCursor(input, loader, this, active) : base.GetCursor(input, active);

    protected override (Delegate Getter, IDisposable? Owned) Open(DataViewRow input)
    {
        var source = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[InputColumns[0].Index]);
        var path = default(ReadOnlyMemory<char>);
        var pixels = new byte[loader.Form.Size];
        ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> value) =>
        {
            source(ref path);
            var file = loader.FullPath(path);
            var editor = VBufferEditor.Create(ref value, pixels.Length);
            if (loader.Read(file, pixels, editor.Values) is { } problem) throw loader.Unusable(file, problem);
            value = editor.Commit();
        };
        return (getter, null);
    }

    private static DataViewSchema.Column Input(DataViewSchema inputSchema, string name)
    {
        var column = Schemas.Input(inputSchema, name);
        return column.Type is TextDataViewType ? column
            : throw Schemas.Mismatch(name, "Text, the paths of image files", column.Type.ToString()!);
    }
}
