namespace GanPipeline.Inference;

/// <summary>Looks at the first images of a model that does not say their range: are they in [-1, 1]?</summary>
/// <param name="path">The model.</param>
/// <param name="isKnown">Whether the range is known anyway.</param>
internal sealed class RangeGuard(string path, bool isKnown)
{
    // A network without a tanh at its end strays beyond 1, but not so far.
    private const float Beyond = 2;

    private volatile bool _isKnown = isKnown;

    /// <exception cref="ModelException">They look like [0, 1], or like nothing.</exception>
    public void Require(ReadOnlySpan<float> images)
    {
        if (_isKnown || images.IsEmpty) return;
        float low = float.PositiveInfinity, high = float.NegativeInfinity;
        foreach (var value in images) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        if (low < 0 && high <= Beyond && low >= -Beyond)
        {
            _isKnown = true;
            return;
        }
        var guess = low < 0 ? "none that is known" : high <= Beyond ? "[0, 1]" : "[0, 255]";
        throw new ModelException(FormattableString.Invariant(
            $"'{path}' does not say the range of its images, and the first have values from {low:G3} to {high:G3}, as of {guess}; ") +
            $"declare it: {nameof(ModelOptions)}.{nameof(ModelOptions.PixelRange)}, or --range of gan generate and gan translate.");
    }
}
