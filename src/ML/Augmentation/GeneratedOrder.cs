namespace GanPipeline.ML;

/// <summary>Which images are generated, and in which order: in every round one of each class that lacks some, shuffled.</summary>
/// <remarks>
/// Of k classes, the n-th image of class c is that of latent n * k + c: where all classes are generated equally often, the images are
/// those of a <see cref="GeneratorView"/> with the same seed and labels.
/// </remarks>
internal sealed class GeneratedOrder
{
    private readonly int[] _classes, _rounds;
    private readonly int _all;

    /// <param name="counts">How many images of each class.</param>
    /// <param name="seed">Decides the order within a round.</param>
    /// <param name="shuffle">Otherwise the classes of a round are in their order.</param>
    /// <exception cref="ArgumentOutOfRangeException">More than an array holds.</exception>
    public GeneratedOrder(IReadOnlyList<int> counts, long seed, bool shuffle)
    {
        var total = counts.Sum(count => (long)count);
        if (total > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(counts), total, $"At most {Array.MaxLength} images can be added to a view.");
        _all = counts.Count;
        _classes = new int[total];
        _rounds = new int[total];
        var random = new Random(HashCode32(seed));
        var round = new List<int>(counts.Count);
        for (int n = 0, at = 0; at < total; n++)
        {
            round.Clear();
            for (var c = 0; c < counts.Count; c++)
                if (n < counts[c]) round.Add(c);
            if (shuffle) random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(round));
            foreach (var c in round)
            {
                _classes[at] = c;
                _rounds[at++] = n;
            }
        }
    }

    public int Count => _classes.Length;

    /// <summary>The class of a generated row.</summary>
    public int Class(int row) => _classes[row];

    /// <summary>The index of its latent.</summary>
    public long Latent(int row) => (long)_rounds[row] * _all + _classes[row];

    /// <summary>A seed of 64 bits as one of 32; the same everywhere.</summary>
    public static int HashCode32(long seed) => unchecked((int)(seed ^ (seed >> 32)));
}
