namespace GanPipeline.Data;

/// <summary>
/// A permutation of the numbers 0 to count - 1 that needs no memory: a Feistel network over the next larger power of four, applied again
/// until the number is in range (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
/// </summary>
internal readonly struct Permutation
{
    // Four rounds are the least that look random to chosen inputs (Luby and Rackoff 1988); small domains want a few more.
    private const int Rounds = 6;

    private readonly long _key;
    private readonly int _count;
    private readonly int _halfBits;

    public Permutation(long seed, long epoch, int count)
    {
        _key = (long)Hashing.Combine(seed, epoch, 0x5045524D);
        _count = count;
        while (1L << (2 * _halfBits) < count) _halfBits++;
    }

    /// <summary>The number at a place; each number stands at exactly one.</summary>
    public int At(int place)
    {
        var mask = (1u << _halfBits) - 1;
        var x = (uint)place;
        do
        {
            uint left = x >> _halfBits, right = x & mask;
            for (var round = 0; round < Rounds; round++)
                (left, right) = (right, left ^ ((uint)Hashing.Combine(_key, ((long)round << 32) | right) & mask));
            x = (left << _halfBits) | right;
        }
        while (x >= (uint)_count);
        return (int)x;
    }
}
