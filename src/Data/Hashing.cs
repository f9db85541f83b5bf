using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GanPipeline.Data;

/// <summary>Random-looking numbers that are functions of their arguments alone, so that no state has to be saved.</summary>
internal static class Hashing
{
    /// <summary>
    /// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each bit of the input flips each bit of the result half the time.
    /// </summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    public static ulong Combine(long a, long b) =>
        Mix(Mix((ulong)a + 0x9E3779B97F4A7C15) ^ ((ulong)b * 0xD1342543DE82EF95 + 0x2545F4914F6CDD1D));

    /// <summary>FNV-1a of 64 bits, of a text's characters.</summary>
    public static long OfText(string text)
    {
        var hash = 14695981039346656037;
        foreach (var c in text) hash = (hash ^ c) * 1099511628211;
        return (long)hash;
    }

    public static ulong Combine(long a, long b, long c) => Combine((long)Combine(a, b), c);

    /// <summary>A number in [0, 1) of the hash's upper 53 bits.</summary>
    public static double Unit(ulong hash) => (hash >> 11) * (1.0 / (1L << 53));

    /// <summary>A number from 0 to below <paramref name="limit"/>.</summary>
    public static int Below(ulong hash, int limit) => (int)Math.BigMul(hash, (ulong)limit, out _);
}

/// <summary>Hashes all that determines a data set's content into a short fingerprint.</summary>
internal sealed class FingerprintBuilder : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public FingerprintBuilder Add(string text)
    {
        Add(text.Length);
        _hash.AppendData(Encoding.UTF8.GetBytes(text));
        return this;
    }

    public FingerprintBuilder Add(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _hash.AppendData(bytes);
        return this;
    }

    public FingerprintBuilder Add(double value) => Add(BitConverter.DoubleToInt64Bits(value));

    public FingerprintBuilder Add(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        return this;
    }

    /// <summary>The fingerprint: 32 hexadecimal digits.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset().AsSpan(0, 16));

    public void Dispose() => _hash.Dispose();
}
