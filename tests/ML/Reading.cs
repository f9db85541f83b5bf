using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>Reads views through their cursors, as trainers do.</summary>
internal static class Reading
{
    public static float[][] Vectors(this IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        return Vectors(cursor, column);
    }

    public static float[][] Vectors(this DataViewRowCursor cursor, string column)
    {
        var getter = cursor.GetGetter<VBuffer<float>>(cursor.Schema[column]);
        VBuffer<float> value = default;
        List<float[]> rows = [];
        while (cursor.MoveNext())
        {
            getter(ref value);
            rows.Add([.. value.DenseValues()]);
        }
        return [.. rows];
    }

    public static int[] Dimensions(this IDataView view, string column) => [.. ((VectorDataViewType)view.Schema[column].Type).Dimensions];

    public static T[] Values<T>(this IDataView view, string column)
    {
        using var cursor = view.GetRowCursor([view.Schema[column]]);
        var getter = cursor.GetGetter<T>(cursor.Schema[column]);
        T value = default!;
        List<T> rows = [];
        while (cursor.MoveNext())
        {
            getter(ref value);
            rows.Add(value);
        }
        return [.. rows];
    }

    public static void AssertClose(float[][] expected, float[][] actual, float tolerance = TestModels.Tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i].Length, actual[i].Length);
            for (var k = 0; k < expected[i].Length; k++) Assert.Equal(expected[i][k], actual[i][k], tolerance);
        }
    }
}

/// <summary>A row of a data set in memory.</summary>
internal sealed class Picture
{
    [VectorType(3, 4, 8)]
    public float[] Image { get; set; } = [];

    public string Name { get; set; } = "";

    public int Number { get; set; }

    [VectorType(2)]
    public double[] Pair { get; set; } = [];

    public static Picture[] Samples(int count) => [.. TestModels.Samples(count).Images.Select((image, i) => new Picture
    {
        Image = image, Name = $"picture {i}", Number = i, Pair = [i, -i],
    })];
}

/// <summary>A view that tells what is asked of another one.</summary>
internal sealed class SpyView(IDataView source) : IDataView
{
    public List<string> Asked { get; } = [];

    public int Moves { get; private set; }

    public int Disposals { get; private set; }

    /// <summary>Reading the row of this position fails.</summary>
    public long FailAt { get; set; } = -1;

    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        Asked.Add(string.Join(" ", needed.Select(column => column.Name)));
        return new Cursor(this, source.GetRowCursor(needed, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        source.GetRowCursorSet(columnsNeeded, n, rand);

    private sealed class Cursor(SpyView owner, DataViewRowCursor cursor) : DataViewRowCursor
    {
        public override long Position => cursor.Position;

        public override long Batch => cursor.Batch;

        public override DataViewSchema Schema => cursor.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => cursor.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => cursor.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => cursor.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            owner.Moves++;
            var moved = cursor.MoveNext();
            return cursor.Position != owner.FailAt || !moved ? moved : throw new InvalidOperationException("row of failure");
        }

        protected override void Dispose(bool disposing)
        {
            owner.Disposals++;
            cursor.Dispose();
            base.Dispose(disposing);
        }
    }
}
