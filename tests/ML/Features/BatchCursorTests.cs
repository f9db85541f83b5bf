using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Cursors that read ahead must look as if they did not.</summary>
public sealed class BatchCursorTests : IDisposable
{
    private static readonly Picture[] _pictures = Picture.Samples(50);
    private readonly MLContext _ml = new(seed: 1);
    private readonly CountingModel _model = new(TestModels.ImageSize, 2);
    private readonly SpyView _spy;

    public BatchCursorTests() => _spy = new SpyView(_ml.Data.LoadFromEnumerable(_pictures));

    public void Dispose() => _model.Dispose();

    private BatchTransform Transform(int batch = 8) =>
        new(_model.Shared(), TransformKind.OfFeatures("features"), "Features", "Image", batch);

    private IDataView View(int batch = 8) => Transform(batch).Transform(_spy);

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(50)]
    [InlineData(1000)]
    public void All_columns_of_a_row_stay_together(int batch)
    {
        var view = View(batch);
        using var cursor = view.GetRowCursor(view.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var image = cursor.GetGetter<VBuffer<float>>(view.Schema["Image"]);
        var name = cursor.GetGetter<ReadOnlyMemory<char>>(view.Schema["Name"]);
        var number = cursor.GetGetter<int>(view.Schema["Number"]);
        VBuffer<float> f = default, x = default;
        ReadOnlyMemory<char> text = default;
        var n = 0;
        for (var i = 0; i < 50; i++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(i, cursor.Position);
            features(ref f);
            image(ref x);
            name(ref text);
            number(ref n);
            Assert.Equal(_pictures[i].Image, x.DenseValues());
            Assert.Equal(($"picture {i}", i), (text.ToString(), n));
            var sum = _pictures[i].Image.Sum();
            // The sum of 96 values below 1, by rounding.
            Assert.Equal(sum, f.GetItemOrDefault(0), 1e-4f);
            Assert.Equal(sum + 1, f.GetItemOrDefault(1), 1e-4f);
            // A getter asked for in the middle is as good, and a value that the caller changes is the caller's.
            var pair = cursor.GetGetter<VBuffer<double>>(view.Schema["Pair"]);
            VBuffer<double> two = default;
            pair(ref two);
            Assert.Equal([i, -i], two.DenseValues());
            VBufferEditor.CreateFromBuffer(ref x).Values.Clear();
            DataViewRowId id = default;
            cursor.GetIdGetter()(ref id);
        }
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => number(ref n));
        Assert.Equal(((50 + batch - 1) / batch, 50), (_model.Runs, _model.RowsRun));
    }

    [Fact]
    public void Identifiers_and_batches_are_the_sources()
    {
        static List<(ulong, ulong, long)> Ids(IDataView view, string column)
        {
            using var cursor = view.GetRowCursor([view.Schema[column]]);
            var getter = cursor.GetIdGetter();
            DataViewRowId id = default;
            List<(ulong, ulong, long)> ids = [];
            while (cursor.MoveNext())
            {
                getter(ref id);
                ids.Add((id.Low, id.High, cursor.Batch));
            }
            return ids;
        }
        Assert.Equal(Ids(_spy, "Number"), Ids(View(), "Features"));
    }

    [Fact]
    public void Only_columns_that_are_asked_for_are_read()
    {
        var view = View();
        view.Values<int>("Number");
        view.Vectors("Features");
        using (view.GetRowCursor([view.Schema["Features"], view.Schema["Name"]])) { }
        Assert.Equal(["Number", "Image", "Image Name"], _spy.Asked);
        Assert.Equal(7, _model.Runs);
        Assert.Equal(50, view.GetRowCount());
    }

    [Fact]
    public void The_model_runs_for_batches_whose_output_is_read()
    {
        var view = View();
        using var cursor = view.GetRowCursor(view.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        VBuffer<float> value = default;
        for (var i = 0; i < 20; i++) cursor.MoveNext();
        Assert.Equal(0, _model.Runs);
        features(ref value);
        features(ref value);
        Assert.Equal((1, 8), (_model.Runs, _model.RowsRun));
        Assert.Equal(24, _spy.Moves);

        // Of a few rows one batch is enough.
        var few = new SpyView(_ml.Data.LoadFromEnumerable(_pictures));
        Assert.Equal(3, _ml.Data.TakeRows(Transform().Transform(few), 3).Vectors("Features").Length);
        Assert.Equal(8, few.Moves);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(25)]
    public void An_error_is_met_at_its_row_while_features_are_read(int at)
    {
        _spy.FailAt = at;
        var view = View();
        using var cursor = view.GetRowCursor(view.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        VBuffer<float> value = default;
        for (var i = 0; i < at; i++)
        {
            Assert.True(cursor.MoveNext());
            features(ref value);
        }
        Assert.Equal("row of failure", Assert.Throws<InvalidOperationException>(() => cursor.MoveNext()).Message);
        Assert.Equal("row of failure", Assert.Throws<InvalidOperationException>(() => cursor.MoveNext()).Message);
        Assert.Throws<InvalidOperationException>(() => features(ref value));
        Assert.Equal((at + 7) / 8, _model.Runs);
    }

    [Fact]
    public void The_source_is_read_on_the_callers_thread_alone()
    {
        var caller = Environment.CurrentManagedThreadId;
        IEnumerable<Picture> Watched()
        {
            foreach (var picture in _pictures)
            {
                Assert.Equal(caller, Environment.CurrentManagedThreadId);
                yield return picture;
            }
        }
        var view = Transform(4).Transform(_ml.Data.LoadFromEnumerable(Watched()));
        Assert.Equal(50, view.Vectors("Features").Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Rows_whose_output_nobody_asks_for_do_not_mix_batches_up(int every)
    {
        var view = View(4);
        using var cursor = view.GetRowCursor(view.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var number = cursor.GetGetter<int>(view.Schema["Number"]);
        VBuffer<float> value = default;
        var n = 0;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            number(ref n);
            Assert.Equal(i, n);
            // Stretches that are read, and stretches that are not, of other lengths than the batches.
            if (i / every % 3 == 1) continue;
            features(ref value);
            Assert.Equal(_pictures[i].Image.Sum(), value.GetItemOrDefault(0), 1e-4f);
        }
        Assert.Equal(49, n);
    }

    [Fact]
    public void An_error_of_the_model_is_the_getters()
    {
        var failing = new FailingModel();
        var view = new BatchTransform(failing.Shared(), TransformKind.OfFeatures("features"), "Features", "Image", 8).Transform(_spy);
        using var cursor = view.GetRowCursor(view.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        VBuffer<float> value = default;
        for (var i = 0; i < 50; i++)
        {
            Assert.True(cursor.MoveNext());
            // The third and the last run fail, and a run that failed is tried again.
            if (i is 16 or 48) Assert.Equal("the model fails", Assert.Throws<InvalidOperationException>(() => features(ref value)).Message);
            features(ref value);
        }
        Assert.False(cursor.MoveNext());
    }

    /// <summary>Fails at its third run and at the last batch, whose two rows it meets.</summary>
    private sealed class FailingModel : IVectorModel
    {
        private int _runs;
        private bool _failedAtEnd;

        public VectorForm Input { get; } = new(TestModels.ImageSize);

        public VectorForm Output { get; } = new(2);

        public byte[] Bytes => [];

        public SharedModel Shared() => new("failing", this, [], () => this);

        public void Run(ReadOnlySpan<float> inputs, ReadOnlySpan<float> labels, Span<float> outputs)
        {
            var end = inputs.Length == 2 * Input.Size;
            if (++_runs == 3 || (end && !_failedAtEnd))
            {
                _failedAtEnd |= end;
                throw new InvalidOperationException("the model fails");
            }
        }

        public void Dispose() { }
    }

    [Fact]
    public void An_error_in_a_row_comes_after_the_rows_before_it()
    {
        _spy.FailAt = 19;
        var view = View();
        using var cursor = view.GetRowCursor(view.Schema);
        for (var i = 0; i < 19; i++) Assert.True(cursor.MoveNext());
        Assert.Equal("row of failure", Assert.Throws<InvalidOperationException>(() => cursor.MoveNext()).Message);
        Assert.Throws<InvalidOperationException>(() => cursor.MoveNext());
    }

    [Fact]
    public void Disposing_a_cursor_disposes_its_source_and_the_transformer_may_go_first()
    {
        var transform = Transform();
        var view = transform.Transform(_spy);
        DataViewRowCursor cursor = view.GetRowCursor(view.Schema), other = view.GetRowCursor([view.Schema["Number"]]);
        Assert.True(cursor.MoveNext());
        transform.Dispose();
        transform.Dispose();
        Assert.Contains("'Features'", Assert.Throws<ObjectDisposedException>(() => view.GetRowCursor(view.Schema)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => transform.Transform(_spy));
        Assert.Equal((1, 0), (_spy.Disposals, _model.Disposals));
        Assert.Equal(49, cursor.Vectors("Features").Length);
        cursor.Dispose();
        cursor.Dispose();
        Assert.Equal((2, 1), (_spy.Disposals, _model.Disposals));
        Assert.False(cursor.MoveNext());
        other.Dispose();
        Assert.Equal((3, 1), (_spy.Disposals, _model.Disposals));
    }

    [Fact]
    public void Cursor_sets_and_chained_transforms_keep_every_row()
    {
        // Not of features, which takes nothing but images in [-1, 1].
        var second = new BatchTransform(new CountingModel(2, 1).Shared(), TransformKind.OfImages, "Sum", "Features", 3);
        var view = second.Transform(View());
        float[] expected = [.. _pictures.Select(picture => picture.Image.Sum() * 2 + 1)];
        float[] rows = [.. view.GetRowCursorSet([view.Schema["Sum"]], 3).SelectMany(cursor =>
        {
            using (cursor) return cursor.Vectors("Sum").Select(vector => vector[0]).ToArray();
        })];
        Assert.All(expected.Order().Zip(rows.Order()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void A_column_of_the_same_name_hides_the_input()
    {
        var transform = new BatchTransform(_model.Shared(), TransformKind.OfFeatures("features"), "Image", "Image", 8);
        var view = transform.Transform(_spy);
        Assert.Equal(2, ((VectorDataViewType)view.Schema["Image"].Type).Size);
        Assert.Equal(50, view.Vectors("Image").Length);
    }
}
