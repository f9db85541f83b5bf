using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Dropout (Srivastava et al. 2014) whose random numbers are cheap on every processor: each value becomes 0 with a probability, and is
/// scaled up else, so that its expectation stays.
/// </summary>
/// <remarks>
/// libtorch draws the numbers of its own dropout one by one on processors that are not Intel's, 10 to 20 nanoseconds each, which made
/// a quarter to a half of a DCGAN's step. Here a CPU draws them in vectors (<see cref="DropoutMask"/>), from a seed that Torch's generator
/// gives, so that <c>torch.manual_seed</c> decides them. Other devices use libtorch's.
/// </remarks>
public sealed class FastDropout : Module<Tensor, Tensor>, IEvaluationIdentity
{
    /// <summary>A layer.</summary>
    /// <param name="p">The probability with which a value becomes 0, from 0 to below 1; 1/65,536 is the nearest that it is taken to.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its range.</exception>
    public FastDropout(double p) : base(nameof(FastDropout))
    {
        if (p is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(p), p, "A probability of dropout is from 0 to below 1.");
        this.p = p;
    }

#pragma warning disable IDE1006 // As TorchSharp's Dropout has it.
    /// <summary>The probability with which a value becomes 0.</summary>
    public double p { get; }
#pragma warning restore IDE1006

    /// <summary>A tensor of any shape, with a share of zeros in training; the same values in evaluation mode.</summary>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        // A tensor of its own on the same numbers, because Sequential disposes each layer's input.
        if (!training || p == 0) return input.alias();
        if (input.device_type != DeviceType.CPU || input.dtype != ScalarType.Float32) return functional.dropout(input, p);
        return input * Mask(input);
    }

    private Tensor Mask(Tensor input)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var seed = randint(long.MaxValue, 1, dtype: int64).item<long>();
        var mask = empty(input.shape, dtype: float32);
        DropoutMask.Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), p, seed);
        return mask.MoveToOuterDisposeScope();
    }
}
