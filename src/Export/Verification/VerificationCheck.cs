using System.Globalization;

namespace GanPipeline.Export;

/// <summary>One output of a model on one set of inputs, compared with the network's.</summary>
/// <param name="Inputs">What the model was given: random values or an example, and their shapes.</param>
/// <param name="Output">The output's name.</param>
/// <param name="MaxAbsDifference">The largest absolute difference of a value; not a number where one side is none.</param>
/// <param name="Problem">Why they do not agree; null where they do.</param>
/// <param name="IsRounding">
/// Whether a difference exceeds the tolerance and is no more than what roundings in the network come to: the network is computed again
/// with inputs, parameters and buffers that differ by a rounding or two, and four times the change of the output is allowed, up to a
/// hundredth of the values. Sums whose terms cancel, and deep networks, amplify roundings so.
/// </param>
public sealed record VerificationCheck(string Inputs, string Output, double MaxAbsDifference, string? Problem, bool IsRounding)
{
    /// <summary>The check as a line of text.</summary>
    public override string ToString() => Problem is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Output} on {Inputs}: within {MaxAbsDifference:g2}") +
            (IsRounding ? ", by amplified rounding" : "")
        : $"{Output} on {Inputs}: {Problem}";
}
