using System.Text.RegularExpressions;

namespace GanPipeline.Data;

/// <summary>
/// What the name of an IDX file says, as in <c>emnist-letters-train-images-idx3-ubyte.gz</c> or <c>t10k-labels.idx1-ubyte</c>.
/// </summary>
/// <param name="Set">Empty for MNIST and those that took over its files' names; <c>emnist-letters</c>.</param>
/// <param name="Split">As <see cref="DataOptions.Split"/>.</param>
/// <param name="IsImages">Else labels.</param>
internal sealed partial record IdxName(string Set, string Split, bool IsImages)
{
    /// <summary>What a name says; null if it is none of an IDX file.</summary>
    public static IdxName? Parse(string name) => Pattern().Match(name) is { Success: true } match
        ? new(match.Groups["set"].Value, match.Groups["split"].Value == "train" ? "train" : "test", match.Groups["what"].Value == "images")
        : null;

    // The dot of ".idx3" instead of the dash is how some archives unpack. MNIST calls its test files t10k, others test.
    [GeneratedRegex("^(?<set>.*?)-?(?<split>train|t10k|test)-((?<what>images)[-.]idx3|(?<what>labels)[-.]idx1)-ubyte(\\.gz)?$",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
