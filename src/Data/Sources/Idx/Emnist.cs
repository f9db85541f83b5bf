namespace GanPipeline.Data;

/// <summary>
/// EMNIST (Cohen et al. 2017): MNIST's format, but every picture has its rows and columns exchanged, and labels that stand for letters.
/// </summary>
internal static class Emnist
{
    private const string Prefix = "emnist-";
    private const string Digits = "0123456789", Capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // By their mapping files (emnist-balanced-mapping.txt and so on), in the order of the labels. The labels of "letters" begin at 1.
    private static readonly Dictionary<string, (string Names, int First)> _sets = new(StringComparer.Ordinal)
    {
        ["balanced"] = (Digits + Capitals + "abdefghnqrt", 0),
        ["bymerge"] = (Digits + Capitals + "abdefghnqrt", 0),
        ["byclass"] = (Digits + Capitals + Capitals.ToLowerInvariant(), 0),
        ["digits"] = (Digits, 0),
        ["letters"] = (Capitals, 1),
        ["mnist"] = (Digits, 0),
    };

    /// <summary>Whether files of this set, as in <c>emnist-letters</c>, are EMNIST's.</summary>
    public static bool Is(string set) => set.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The classes' names, and the label of the first of them; null if they are not known.</summary>
    public static (IReadOnlyList<string> Names, int First)? Classes(string set) =>
        Is(set) && _sets.TryGetValue(set[Prefix.Length..].ToLowerInvariant(), out var known)
            ? ([.. known.Names.Select(c => c.ToString())], known.First) : null;
}
