using GanPipeline.ML.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A cursor over some of the batches of a generator's samples: every <c>parts</c>-th, beginning with the <c>part</c>-th.</summary>
internal sealed class GeneratorCursor : DataViewRowCursor
{
    private const int ImageColumn = 0, LatentColumn = 1;

    private readonly GeneratorView view;
    private readonly bool[] active;
    private readonly ModelLease lease;
    private readonly int batchSize, parts;
    private readonly long firstBatch;
    private readonly Delegate?[] getters;

    // Of one whole batch of sample indices; allocated when the first image is asked for.
    private float[]? latents, images, labels;
    private long generated = -1, labelled = -1;
    private long sample, position = -1;
    private bool started, done;

    public GeneratorCursor(GeneratorView view, bool[] active, ModelLease lease, int part, int parts)
    {
        this.view = view;
        this.active = active;
        this.lease = lease;
        this.parts = parts;
        batchSize = view.Options.BatchSize;
        firstBatch = view.Options.First / batchSize;
        sample = part == 0 ? view.Options.First : checked((firstBatch + part) * batchSize);
        getters =
        [
            active[ImageColumn] ? (ValueGetter<VBuffer<float>>)Image : null,
            active[LatentColumn] ? (ValueGetter<VBuffer<float>>)Latent : null,
            view.Label is { } label && active[^1] ? label.Getter(Label) : null,
        ];
    }

    public override long Position => position;

    public override long Batch => position < 0 ? 0 : sample / batchSize - firstBatch;

    public override DataViewSchema Schema => view.Schema;

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override bool MoveNext()
    {
        if (done) return false;
        if (started)
        {
            sample++;
            // The other cursors of the set have the batches in between.
            if (parts > 1 && sample % batchSize == 0) sample += (long)(parts - 1) * batchSize;
        }
        started = true;
        if (sample >= view.End || sample < 0)
        {
            Finish();
            return false;
        }
        position++;
        return true;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Rows.Cast<TValue>(getters[column.Index], column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)Sample(), 0);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Finish();
            lease.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Finish()
    {
        done = true;
        position = -1;
    }

    private long Sample() => position >= 0 ? sample : throw Rows.NotAtRow();

    private void Latent(ref VBuffer<float> value)
    {
        long at = Sample();
        int size = view.Latent.Size;
        var editor = VBufferEditor.Create(ref value, size);
        Latents.Normal(view.Options.Seed, at, size, editor.Values);
        value = editor.Commit();
    }

    private void Image(ref VBuffer<float> value)
    {
        long at = Sample(), batch = at / batchSize;
        int size = view.Image.Size;
        if (images is null || batch != generated) Generate(batch);
        Rows.Copy(images.AsSpan((int)(at % batchSize) * size, size), ref value);
    }

    private ReadOnlyMemory<float> Label()
    {
        long at = Sample();
        int size = view.Label!.Size;
        return Labels(at / batchSize).AsMemory((int)(at % batchSize) * size, size);
    }

    private float[] Labels(long batch)
    {
        if (labels is null || batch != labelled)
            labels = lease.LabelVectors(batchSize, view.Options.Seed, batch * batchSize, view.Options.Labels);
        labelled = batch;
        return labels;
    }

    private void Generate(long batch)
    {
        latents ??= new float[checked(batchSize * view.Latent.Size)];
        images ??= new float[checked(batchSize * view.Image.Size)];
        generated = -1;
        Latents.Normal(view.Options.Seed, batch * batchSize, view.Latent.Size, latents);
        lease.Run(latents, Labels(batch), images);
        generated = batch;
    }
}
