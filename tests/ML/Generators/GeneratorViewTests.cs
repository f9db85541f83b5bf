using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

public class GeneratorViewTests
{
    private readonly MLContext _ml = new(seed: 1);

    private static GeneratorView Counting(CountingModel model, long? count, int batch = 8, long first = 0) =>
        new(new GeneratorViewOptions { ModelFile = "", Count = count, Model = new() { BatchSize = batch }, First = first, Seed = 3 },
            _ => model.Shared());

    [Fact]
    public void Rows_are_the_generators_samples()
    {
        using var view = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 100, seed: 7);
        Assert.Equal(100, view.GetRowCount());
        Assert.Equal(["Image", "Latent"], view.Schema.Select(column => column.Name));
        Assert.Equal([3, 4, 8], view.Dimensions("Image"));

        using var generator = GeneratorModel.Load(TestModels.Generator);
        Reading.AssertClose([.. generator.Sample(100, seed: 7).Values.Chunk(TestModels.ImageSize)], view.Vectors("Image"));
        Assert.Equal(Latents.Normal(7, 0, 100, TestModels.LatentSize).Chunk(TestModels.LatentSize), view.Vectors("Latent"));

        // A generator of bytes serves as well: it rounds to 1 / 127.5.
        using var pixels = _ml.Data.LoadFromGenerator(TestModels.GeneratorPixels, count: 20, seed: 7);
        Reading.AssertClose(view.Vectors("Image")[..20], pixels.Vectors("Image"), 0.5f / 127.5f + 1e-5f);
    }

    [Fact]
    public void Ten_cursors_in_random_order_on_several_threads_give_identical_rows()
    {
        using var view = _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = TestModels.Generator, Count = 203,
            Model = new() { BatchSize = 16 }, Seed = 5 });
        float[][] expected = view.Vectors("Image"), latents = view.Vectors("Latent");
        var cursors = Enumerable.Range(0, 10).Select(_ => new OneCursor(view)).ToArray();
        // Each thread moves cursors at random; a cursor is one thread's at a time.
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            var random = new Random(thread);
            while (cursors.Any(cursor => !cursor.Done))
            {
                var cursor = cursors[random.Next(cursors.Length)];
                if (!Monitor.TryEnter(cursor)) continue;
                try { cursor.Move(random.Next(1, 20), readImage: random.Next(4) > 0); }
                finally { Monitor.Exit(cursor); }
            }
        });
        foreach (var cursor in cursors)
        {
            Assert.Equal(203, cursor.Rows.Count);
            Assert.InRange(cursor.Rows.Count(row => row.Image is not null), 20, 203);
            Assert.All(cursor.Rows, (row, i) =>
            {
                if (row.Image is not null) Assert.Equal(expected[i], row.Image);
                Assert.Equal(latents[i], row.Latent);
                Assert.Equal(new DataViewRowId((ulong)i, 0), row.Id);
            });
        }
    }

    [Fact]
    public void Cursors_of_a_set_share_the_rows_by_whole_batches()
    {
        using var view = _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = TestModels.Generator, Count = 75, First = 3,
            Model = new() { BatchSize = 8 } });
        var expected = view.Vectors("Image");
        var set = view.GetRowCursorSet(view.Schema, 4);
        Assert.Equal(4, set.Length);
        var rows = new List<(long Batch, ulong Id, float[] Image)>();
        Parallel.ForEach(set, cursor =>
        {
            using (cursor)
            {
                var one = new OneCursor(cursor);
                var mine = new List<(long, ulong, float[])>();
                while (one.Next()) mine.Add((cursor.Batch, one.Rows[^1].Id.Low, one.Rows[^1].Image!));
                Assert.Equal(mine.OrderBy(row => row.Item1).ThenBy(row => row.Item2), mine);
                lock (rows) rows.AddRange(mine);
            }
        });
        // No batch is in two cursors, and their numbers restore the order.
        Assert.Equal(expected, rows.OrderBy(row => row.Batch).ThenBy(row => row.Id).Select(row => row.Image));
        Assert.Equal(Enumerable.Range(3, 75).Select(i => (ulong)i), rows.OrderBy(row => row.Batch).ThenBy(row => row.Id)
            .Select(row => row.Id));
    }

    [Fact]
    public void A_view_that_begins_later_shows_the_same_bits()
    {
        var whole = new GeneratorViewOptions { ModelFile = TestModels.Generator, Count = 60, Seed = 2, Model = new() { BatchSize = 16 } };
        using GeneratorView all = _ml.Data.LoadFromGenerator(whole),
            part = _ml.Data.LoadFromGenerator(whole with { First = 21, Count = 19 });
        Assert.Equal(all.Vectors("Image")[21..40], part.Vectors("Image"));
        Assert.Equal(all.Vectors("Image")[21..40], _ml.Data.TakeRows(_ml.Data.SkipRows(all, 21), 19).Vectors("Image"));
    }

    [Fact]
    public void Nothing_is_generated_but_the_batches_whose_images_are_read()
    {
        var model = new CountingModel(6, 3, 4, 8);
        using var view = Counting(model, null);
        Assert.Null(view.GetRowCount());
        Assert.Equal(1000, _ml.Data.TakeRows(view, 1000).Vectors("Latent").Length);
        Assert.Equal(0, model.Runs);

        // Rows 1000 to 1004 are all of one batch of eight, 1000 to 1007.
        Assert.Equal(5, _ml.Data.TakeRows(_ml.Data.SkipRows(view, 1000), 5).Vectors("Image").Length);
        Assert.Equal((1, 8), (model.Runs, model.RowsRun));

        using var later = Counting(model, null, first: long.MaxValue - 100);
        Assert.Equal(3, _ml.Data.TakeRows(later, 3).Vectors("Latent").Length);
        Assert.Equal(100, later.Vectors("Latent").Length);
    }

    [Fact]
    public void Cursors_outlive_the_view_and_the_last_of_them_frees_the_model()
    {
        var model = new CountingModel(6, 3, 4, 8);
        var view = Counting(model, 20);
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.True(cursor.MoveNext());
        view.Dispose();
        Assert.Equal(0, model.Disposals);
        Assert.Equal(19, cursor.Vectors("Image").Length);
        Assert.Contains("disposed", Assert.Throws<ObjectDisposedException>(() => view.GetRowCursor(view.Schema)).Message,
            StringComparison.Ordinal);
        cursor.Dispose();
        cursor.Dispose();
        Assert.Equal(1, model.Disposals);
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Getters_are_refused_where_there_is_nothing_to_get()
    {
        using var view = Counting(new CountingModel(6, 3, 4, 8), 1);
        using var cursor = view.GetRowCursor([view.Schema["Latent"]]);
        Assert.False(cursor.IsColumnActive(view.Schema["Image"]));
        Assert.Contains("'Image' is not active", Assert.Throws<InvalidOperationException>(() =>
            cursor.GetGetter<VBuffer<float>>(view.Schema["Image"])).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Latent"]));
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Latent"]);
        VBuffer<float> value = default;
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => getter(ref value));
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
        getter(ref value);
        Assert.False(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(() => getter(ref value));
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromGenerator(TestModels.Generator, count: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromGenerator(TestModels.Generator, first: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Data.LoadFromGenerator(TestModels.Generator, count: 10, first: long.MaxValue - 5));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = TestModels.Generator, Model = new() { BatchSize = 0 } }));
        Assert.Contains("There is no file 'none.onnx'",
            Assert.Throws<ModelException>(() => _ml.Data.LoadFromGenerator("none.onnx")).Message, StringComparison.Ordinal);
        Assert.Contains("is not a generator", Assert.Throws<ModelException>(() => _ml.Data.LoadFromGenerator(TestModels.Features)).Message,
            StringComparison.Ordinal);
        using var none = _ml.Data.LoadFromGenerator(TestModels.Generator, count: 0);
        Assert.Empty(none.Vectors("Image"));
        Assert.Single(none.GetRowCursorSet(none.Schema, 5));
    }

    private sealed class OneCursor
    {
        private readonly DataViewRowCursor _cursor;
        private readonly ValueGetter<VBuffer<float>> _image, _latent;
        private readonly ValueGetter<DataViewRowId> _id;

        public OneCursor(GeneratorView view) : this(view.GetRowCursor(view.Schema)) { }

        public OneCursor(DataViewRowCursor cursor)
        {
            _cursor = cursor;
            _image = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Image"]);
            _latent = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Latent"]);
            _id = cursor.GetIdGetter();
        }

        public List<(float[]? Image, float[] Latent, DataViewRowId Id)> Rows { get; } = [];

        public bool Done { get; private set; }

        public void Move(int steps, bool readImage)
        {
            for (; steps > 0 && Next(readImage); steps--) { }
        }

        public bool Next(bool readImage = true)
        {
            if (Done || !_cursor.MoveNext())
            {
                Done = true;
                _cursor.Dispose();
                return false;
            }
            VBuffer<float> x = default, z = default;
            DataViewRowId row = default;
            if (readImage) _image(ref x);
            _latent(ref z);
            _id(ref row);
            Rows.Add((readImage ? [.. x.DenseValues()] : null, [.. z.DenseValues()], row));
            return true;
        }
    }
}
