namespace GanPipeline.Export;

/// <summary>
/// A size or other integer of a recorded computation: what it was in each recording. Recordings differ in the batch, so that a size which
/// follows the batch has different values.
/// </summary>
internal readonly struct TracedSize : IEquatable<TracedSize>
{
    private readonly long[] _values;

    public TracedSize(params long[] values) => _values = values;

    /// <summary>
    /// The batch in a recording: 2, and 3 in the second. In the third the first dynamic axis is twice as long, and so on.
    /// </summary>
    public static long Batch(int recording) => recording == 1 ? 3 : 2;

    /// <summary>The value in each recording.</summary>
    public IReadOnlyList<long> Values => _values;

    /// <summary>The value in the first recording.</summary>
    public long First => _values[0];

    /// <summary>Whether it is the same in all recordings.</summary>
    public bool IsFixed => _values.AsSpan(1).IndexOfAnyExcept(_values[0]) < 0;

    /// <summary>
    /// The size among those of an <see cref="OnnxValue"/>: the number, <see cref="OnnxGraph.Batch"/>, or <see cref="OnnxGraph.Dynamic"/>.
    /// </summary>
    public long Dimension => IsFixed ? First
        : _values.Index().All(at => at.Item == Batch(at.Index)) ? OnnxGraph.Batch : OnnxGraph.Dynamic;

    /// <summary>In how many recordings it is another one than in the first.</summary>
    public int Changes
    {
        get
        {
            var first = First;
            return _values.Count(value => value != first);
        }
    }

    /// <summary>The size in further recordings, in which it is as in the first.</summary>
    public TracedSize Longer(int recordings) => new([.. _values, .. Enumerable.Repeat(First, recordings)]);

    public bool Equals(TracedSize other) => _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => obj is TracedSize other && Equals(other);

    public override int GetHashCode() => _values.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(" or ", _values.Distinct());
}
