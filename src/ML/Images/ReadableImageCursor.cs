using GanPipeline.ML.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A cursor that leaves out the rows whose files are no usable images. Each file is read to know, whatever columns are active.</summary>
internal sealed class ReadableImageCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor source;
    private readonly GanImageLoadingTransformer loader;
    private readonly ImageMapper mapper;
    private readonly bool[] active;
    private readonly ValueGetter<ReadOnlyMemory<char>> sourcePath;
    private readonly ValueGetter<VBuffer<float>> output;
    private readonly byte[] pixels;
    private readonly float[] image;
    private ReadOnlyMemory<char> path;
    private long position = -1;

    public ReadableImageCursor(DataViewRowCursor source, GanImageLoadingTransformer loader, ImageMapper mapper, bool[] active)
    {
        this.source = source;
        this.loader = loader;
        this.mapper = mapper;
        this.active = active;
        sourcePath = source.GetGetter<ReadOnlyMemory<char>>(source.Schema[mapper.InputColumns[0].Index]);
        pixels = new byte[loader.Form.Size];
        image = new float[loader.Form.Size];
        output = (ref VBuffer<float> value) => Rows.Copy(position >= 0 ? image : throw Rows.NotAtRow(), ref value);
    }

    public override long Position => position;

    public override long Batch => source.Batch;

    public override DataViewSchema Schema => mapper.OutputSchema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext()
    {
        while (source.MoveNext())
        {
            sourcePath(ref path);
            string file = loader.FullPath(path);
            if (loader.Read(file, pixels, image) is not { } problem)
            {
                position++;
                return true;
            }
            loader.Skip(file, problem);
        }
        position = -1;
        return false;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (column.Index == mapper.OutputColumn.Index) return Rows.Cast<TValue>(active[column.Index] ? output : null, column);
        return active[column.Index] ? source.GetGetter<TValue>(source.Schema[column.Index]) : Rows.Cast<TValue>(null, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }
}
