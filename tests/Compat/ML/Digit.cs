using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

/// <summary>A row of the tests' views.</summary>
internal sealed class Digit
{
    public string Name { get; set; } = "";

    [ColumnName("Label"), KeyType(10)]
    public uint Class;

    [VectorType(3)]
    public float[] Pixels = [];

    public float[] Any { get; set; } = [];

    public bool IsEven { get; set; }

    public double Weight;

    public long Number { get; set; }

    [NoColumn]
    public object? Own { get; set; }

    /// <summary>So many rows, no two of which are equal.</summary>
    public static Digit[] Some(int count) => [.. Enumerable.Range(0, count).Select(i => new Digit
    {
        Name = $"digit {i}",
        Class = (uint)(i % 10 + 1),
        Pixels = [i, i + 0.25f, -i],
        Any = new float[i % 4],
        IsEven = i % 2 == 0,
        Weight = 1.0 / (i + 1),
        Number = i,
    })];

    /// <summary>The same as a sequence that can only be enumerated.</summary>
    public static IEnumerable<Digit> Sequence(int count) => Some(count).Select(row => row);

    /// <summary>The numbers of a view's rows, in the order of a cursor.</summary>
    public static List<long> Numbers(IDataView view, Random? random = null)
    {
        using var cursor = view.GetRowCursor([view.Schema["Number"]], random);
        return Numbers(cursor);
    }

    public static List<long> Numbers(DataViewRowCursor cursor)
    {
        var getter = cursor.GetGetter<long>(cursor.Schema["Number"]);
        var numbers = new List<long>();
        var number = 0L;
        while (cursor.MoveNext())
        {
            getter(ref number);
            numbers.Add(number);
        }
        return numbers;
    }
}
