using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class RowSelectionTests
{
    private readonly MLContext context = new(seed: 1);

    private static IEnumerable<long> Range(int start, int count) => Enumerable.Range(start, count).Select(i => (long)i);

    private static IEnumerable<Digit> Endless(Action<long>? touched = null)
    {
        for (var i = 0L; ; i++)
        {
            touched?.Invoke(i);
            yield return new Digit { Number = i };
        }
    }

    [Fact]
    public void Rows_are_taken_and_skipped_without_an_end_being_needed()
    {
        var last = -1L;
        var endless = context.Data.LoadFromEnumerable(Endless(i => last = i));
        Assert.Null(endless.GetRowCount());
        Assert.Equal(Range(5, 3), Digit.Numbers(context.Data.TakeRows(context.Data.SkipRows(endless, 5), 3)));
        Assert.Equal(7, last);
        var ten = context.Data.LoadFromEnumerable(Digit.Some(10));
        Assert.Equal(Range(0, 10), Digit.Numbers(context.Data.TakeRows(ten, 20)));
        Assert.Empty(Digit.Numbers(context.Data.SkipRows(ten, 20)));
        Assert.ThrowsAny<ArgumentException>(() => context.Data.TakeRows(ten, -1));
    }

    [Fact]
    public void A_shuffled_view_has_one_order()
    {
        foreach (var data in new[] { Digit.Some(100), Digit.Sequence(100) })
        {
            var view = context.Data.LoadFromEnumerable(data);
            var shuffled = context.Data.ShuffleRows(view, seed: 7, shufflePoolSize: 10);
            var numbers = Digit.Numbers(shuffled);
            Assert.NotEqual(Range(0, 100), numbers);
            Assert.Equal(Range(0, 100), numbers.Order());
            Assert.Equal(numbers, Digit.Numbers(shuffled));
            Assert.Equal(numbers, Digit.Numbers(context.Data.ShuffleRows(view, seed: 7, shufflePoolSize: 10)));
            Assert.NotEqual(numbers, Digit.Numbers(context.Data.ShuffleRows(view, seed: 8, shufflePoolSize: 10)));
            // Vectors are copies of their own, whatever memory the source reuses.
            Assert.Equal(numbers.Select(n => n + 0.25f), shuffled.GetColumn<float[]>("Pixels").Select(pixels => pixels[1]));
        }
    }

    [Fact]
    public void A_pool_without_the_source_shuffled_moves_rows_forward_no_further_than_its_size()
    {
        var list = context.Data.LoadFromEnumerable(Digit.Some(200));
        var view = context.Data.ShuffleRows(list, seed: 7, shufflePoolSize: 5, shuffleSource: false);
        Assert.All(Digit.Numbers(view).Index(), row => Assert.True(row.Item < row.Index + 5));
    }

    [Fact]
    public void A_cache_reads_each_column_once()
    {
        var reads = 0;
        var view = context.Data.LoadFromEnumerable(Digit.Some(50));
        view = context.Transforms.CustomMapping<Digit, Counted>((source, target) =>
        {
            Interlocked.Increment(ref reads);
            target.Twice = source.Pixels[1] * 2;
        }, null).Fit(view).Transform(view);
        var cache = context.Data.Cache(view);
        Assert.Equal(0, reads);
        var first = cache.GetColumn<float>("Twice").ToList();
        Assert.Equal(50, reads);
        Assert.Equal(first, cache.GetColumn<float>("Twice"));
        Assert.Equal(view.GetColumn<string>("Name"), cache.GetColumn<string>("Name"));
        Assert.Equal(view.GetColumn<float[]>("Any"), cache.GetColumn<float[]>("Any"));
        Assert.Equal(50, reads);
        Assert.Equal(50, cache.GetRowCount());
        Assert.Equal(first.Order(), Values(cache, new Random(2)).Order());
        Assert.NotEqual(first, Values(cache, new Random(2)));
    }

    private static List<float> Values(IDataView view, Random random)
    {
        using var cursor = view.GetRowCursor([view.Schema["Twice"]], random);
        var getter = cursor.GetGetter<float>(view.Schema["Twice"]);
        var values = new List<float>();
        for (var value = 0f; cursor.MoveNext(); values.Add(value)) getter(ref value);
        return values;
    }

    private sealed class Counted
    {
        public float Twice { get; set; }
    }

    [Fact]
    public void Columns_to_prefetch_are_cached_together()
    {
        var enumerations = 0;
        IEnumerable<Digit> Rows()
        {
            enumerations++;
            foreach (var row in Digit.Some(5)) yield return row;
        }
        var cache = context.Data.Cache(context.Data.LoadFromEnumerable(Rows()), "Name", "Number");
        Assert.Equal(5, cache.GetColumn<string>("Name").Count());
        Assert.Equal(5, cache.GetColumn<long>("Number").Count());
        Assert.Equal(1, enumerations);
        Assert.Equal(5, cache.GetColumn<double>("Weight").Count());
        Assert.Equal(2, enumerations);
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Data.Cache(cache, "Nome"));
    }

    [Fact]
    public void A_split_puts_each_row_in_one_part_whatever_the_order()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(1000));
        var split = context.Data.TrainTestSplit(view, 0.2, seed: 3);
        var (train, test) = (Digit.Numbers(split.TrainSet), Digit.Numbers(split.TestSet));
        Assert.Equal(Range(0, 1000), train.Concat(test).Order());
        // 200 on average with a standard deviation of 12.6: beyond five of them once in two million seeds.
        Assert.InRange(test.Count, 137, 263);
        Assert.Equal(test, Digit.Numbers(split.TestSet, new Random(1)).Order());
        Assert.Equal(test, Digit.Numbers(context.Data.TrainTestSplit(view, 0.2, seed: 3).TestSet));
        Assert.NotEqual(test, Digit.Numbers(context.Data.TrainTestSplit(view, 0.2, seed: 4).TestSet));
        Assert.ThrowsAny<ArgumentException>(() => context.Data.TrainTestSplit(view, 1.5));
    }

    [Fact]
    public void Rows_of_one_sampling_key_stay_together()
    {
        var rows = Digit.Some(500);
        foreach (var row in rows) row.Name = $"subject {row.Number / 5}";
        var view = context.Data.LoadFromEnumerable(rows);
        var split = context.Data.TrainTestSplit(view, 0.5, "Name", seed: 2);
        var train = split.TrainSet.GetColumn<string>("Name").ToHashSet();
        var test = split.TestSet.GetColumn<string>("Name").ToHashSet();
        Assert.NotEmpty(train);
        Assert.NotEmpty(test);
        Assert.Empty(train.Intersect(test));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Data.TrainTestSplit(view, 0.5, "Nome"));
    }

    [Fact]
    public void Each_row_is_tested_in_one_fold()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(200));
        var folds = context.Data.CrossValidationSplit(view, 4, seed: 1);
        Assert.Equal(Range(0, 200), folds.SelectMany(fold => Digit.Numbers(fold.TestSet)).Order());
        Assert.All(folds, fold => Assert.Equal(Range(0, 200), Digit.Numbers(fold.TestSet).Concat(Digit.Numbers(fold.TrainSet)).Order()));
    }

    [Fact]
    public void A_context_with_a_seed_splits_the_same_way_each_time()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(100));
        var test = Digit.Numbers(new MLContext(5).Data.TrainTestSplit(view, 0.3).TestSet);
        Assert.Equal(test, Digit.Numbers(new MLContext(5).Data.TrainTestSplit(view, 0.3).TestSet));
    }
}
