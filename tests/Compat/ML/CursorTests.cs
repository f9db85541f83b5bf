using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class CursorTests
{
    private readonly MLContext context = new(seed: 1);

    [Fact]
    public void Nothing_is_enumerated_before_a_cursor_moves()
    {
        var touched = 0;
        var view = context.Data.LoadFromEnumerable(Digit.Sequence(10).Select(row =>
        {
            touched++;
            return row;
        }));
        view = context.Transforms.CopyColumns("Copy", "Pixels").Fit(view).Transform(view);
        using var cursor = view.GetRowCursor([view.Schema["Copy"]]);
        Assert.Equal(0, touched);
        cursor.MoveNext();
        Assert.Equal(1, touched);
    }

    [Fact]
    public void Every_cursor_gives_the_same_rows_on_whatever_thread()
    {
        var list = context.Data.LoadFromEnumerable(Digit.Some(300));
        IDataView[] views =
            [list, context.Data.LoadFromEnumerable(Digit.Sequence(300)), context.Data.Cache(list), context.Data.ShuffleRows(list, 5, 17)];
        foreach (var view in views)
        {
            var expected = Digit.Numbers(view);
            Assert.Equal(300, expected.Distinct().Count());
            var all = new List<long>[8];
            Parallel.For(0, all.Length, i => all[i] = Digit.Numbers(view));
            Assert.All(all, numbers => Assert.Equal(expected, numbers));
        }
    }

    [Fact]
    public void Cursors_of_a_set_share_the_rows_and_batches_tell_the_order()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(1000));
        var copied = context.Transforms.CopyColumns("X", "Name").Fit(view).Transform(view);
        foreach (var mapped in new[] { view, context.Data.Cache(view), copied })
        {
            var cursors = mapped.GetRowCursorSet([mapped.Schema["Number"]], 4);
            Assert.Equal(4, cursors.Length);
            var rows = new List<(long Batch, long Number)>[cursors.Length];
            Parallel.For(0, cursors.Length, i =>
            {
                using var cursor = cursors[i];
                var getter = cursor.GetGetter<long>(cursor.Schema["Number"]);
                rows[i] = [];
                var number = 0L;
                while (cursor.MoveNext())
                {
                    getter(ref number);
                    rows[i].Add((cursor.Batch, number));
                }
            });
            Assert.All(rows, own => Assert.Equal(own.OrderBy(row => row.Batch), own));
            var batches = rows.SelectMany(own => own.Select(row => row.Batch).Distinct()).ToList();
            Assert.Equal(batches.Distinct(), batches);
            var ordered = rows.SelectMany(own => own).OrderBy(row => row.Batch);
            Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), ordered.Select(row => row.Number));
        }
    }

    [Fact]
    public void A_shuffled_cursor_gives_all_rows_with_their_identifiers()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(200));
        Assert.True(view.CanShuffle);
        var shuffled = Digit.Numbers(view, new Random(3));
        Assert.NotEqual(Digit.Numbers(view), shuffled);
        Assert.Equal(Digit.Numbers(view), shuffled.Order());
        Assert.Equal(Identifiers(view, null), Identifiers(view, new Random(3)));
    }

    private static SortedDictionary<long, DataViewRowId> Identifiers(IDataView view, Random? random)
    {
        using var cursor = view.GetRowCursor([view.Schema["Number"]], random);
        var number = cursor.GetGetter<long>(view.Schema["Number"]);
        var getter = cursor.GetIdGetter();
        var identifiers = new SortedDictionary<long, DataViewRowId>();
        long n = 0;
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            number(ref n);
            getter(ref id);
            identifiers.Add(n, id);
        }
        return identifiers;
    }

    [Fact]
    public void What_a_getter_has_filled_belongs_to_its_caller()
    {
        var list = context.Data.LoadFromEnumerable(Digit.Some(30));
        IDataView[] views =
        [
            list, context.Data.Cache(list), context.Data.ShuffleRows(list, 5, 4, shuffleSource: false),
            context.Transforms.Concatenate("Pixels", "Pixels").Fit(list).Transform(list),
            context.Transforms.CustomMapping<CustomMappingTests.Source, CustomMappingTests.Source>(Same, null).Fit(list).Transform(list),
        ];
        foreach (var view in views)
        {
            Assert.All(Kept(view), row => Assert.Equal([row.Number, row.Number + 0.25f, -row.Number], row.Pixels.GetValues().ToArray()));
            foreach (var (_, pixels) in Kept(view))
            {
                var own = pixels;
                VBufferEditor.CreateFromBuffer(ref own).Values.Fill(float.NaN);
            }
            Assert.All(Kept(view), row => Assert.Equal(row.Number + 0.25f, row.Pixels.GetItemOrDefault(1)));
        }
    }

    private static void Same(CustomMappingTests.Source source, CustomMappingTests.Source target) => target.Pixels = source.Pixels;

    /// <summary>All rows' vectors, each in memory of its own.</summary>
    private static List<(long Number, VBuffer<float> Pixels)> Kept(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var number = cursor.GetGetter<long>(view.Schema["Number"]);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Pixels"]);
        var rows = new List<(long, VBuffer<float>)>();
        long n = 0;
        while (cursor.MoveNext())
        {
            VBuffer<float> pixels = default;
            number(ref n);
            getter(ref pixels);
            rows.Add((n, pixels));
        }
        return rows;
    }

    [Fact]
    public void Positions_count_the_rows()
    {
        var view = context.Data.TakeRows(context.Data.SkipRows(context.Data.LoadFromEnumerable(Digit.Some(10)), 4), 3);
        using var cursor = view.GetRowCursor(view.Schema);
        Assert.Equal(-1, cursor.Position);
        for (var i = 0; i < 3; i++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(i, cursor.Position);
        }
        Assert.False(cursor.MoveNext());
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public void Only_columns_asked_for_can_be_read_and_only_as_their_type()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(2));
        view = context.Transforms.CopyColumns("Copy", "Name").Fit(view).Transform(view);
        using var cursor = view.GetRowCursor([view.Schema["Copy"]]);
        Assert.True(cursor.IsColumnActive(view.Schema["Copy"]));
        Assert.False(cursor.IsColumnActive(view.Schema["Number"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<long>(view.Schema["Number"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<long>(view.Schema["Copy"]));
        using var other = view.GetRowCursor([view.Schema["Number"]]);
        Assert.False(other.IsColumnActive(view.Schema["Copy"]));
    }
}
