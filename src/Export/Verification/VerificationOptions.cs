using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>What a model is compared with its network on, and how closely.</summary>
public sealed record VerificationOptions
{
    /// <summary>Seed of the random inputs: the same seed draws the same values.</summary>
    public int Seed { get; init; }

    /// <summary>
    /// The batch sizes of random inputs; 1 and 3 by default. One is what an application asks for first; another shows that the batch is
    /// dynamic.
    /// </summary>
    public IReadOnlyList<int> Batches
    {
        get;
        init => field = value is { Count: > 0 } && value.All(size => size > 0)
            ? value
            : throw new ArgumentException("There must be a batch size, and all must be positive.", nameof(value));
    } = [1, 3];

    /// <summary>
    /// Inputs to compare on besides the random ones: real images, for example. Each entry has a tensor [N, ...] for each input of the
    /// model, of that input's type, on any device.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Tensor>> Examples { get; init; } = [];

    /// <summary>
    /// A value x may differ by this times max(|x|, min(1, largest |value| of the output)); 1e-4 by default. Both sides compute in float32
    /// and sum in different orders: some thousand terms differ by about 1e-6, a wrong padding or slope by far more than 1e-4. What a
    /// network amplifies of a rounding of its inputs and weights is allowed besides (<see cref="VerificationCheck.IsRounding"/>).
    /// </summary>
    public double Tolerance
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(
            nameof(value), value, "The tolerance must be between 0 and 1.");
    } = 1e-4;
}
