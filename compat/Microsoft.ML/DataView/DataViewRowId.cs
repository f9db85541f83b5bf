using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>
/// The identifier of a row, 128 bits: the same from every cursor over a view, whatever the order. Views made of others
/// derive the identifiers of new rows from those of the old.
/// </summary>
public readonly struct DataViewRowId : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    public readonly ulong Low;

    public readonly ulong High;

    public DataViewRowId(ulong low, ulong high)
    {
        Low = low;
        High = high;
    }

    /// <summary>The identifier of a row made of this one.</summary>
    public DataViewRowId Fork()
    {
        var high = Scrambled(High ^ Scrambled(Low + 1));
        return new(Scrambled(Low ^ high), high);
    }

    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public override string ToString() => $"{High:x16}{Low:x16}";

    /// <summary>64 bits that depend on every bit of the identifier and of the seed.</summary>
    internal ulong Hash(ulong seed) => Scrambled(Scrambled(Scrambled(seed) ^ Low) + BitOperations.RotateLeft(High, 29));

    // The finaliser of Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014), section 5 (variant 13).
    private static ulong Scrambled(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
