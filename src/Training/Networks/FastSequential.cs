using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A Sequential that computes what its layers say in less time on a CPU. Layers, parameters and results, up to rounding, are those of a
/// plain one; only dropout draws other random numbers.
/// </summary>
/// <remarks>
/// <para>Dropout: libtorch draws its numbers one by one on processors that are not Intel's, 10 to 20 nanoseconds each; here they are
/// drawn in vectors (<see cref="DropoutMask"/>), from a seed that Torch's generator gives, so that <c>torch.manual_seed</c> decides
/// them.</para>
/// <para>Nearest upsampling by 2 before a 3 x 3 convolution: the convolution sees each pixel four times. Both are one transposed
/// convolution of stride 2, whose 4 x 4 kernel is the sum of the 3 x 3 kernel at four places, and which takes 4 / 9 of the
/// multiplications (<see cref="UpsamplingConvolution"/>).</para>
/// <para>tanh of numbers of 16 bits is computed in float32: see <see cref="InFull"/>.</para>
/// </remarks>
internal sealed class FastSequential : Sequential, ICallsInOrder
{
    private readonly Module<Tensor, Tensor>[] _layers;
    private readonly bool[] _upsamples;

    /// <summary>Those over whose batches batch normalisation takes its statistics in training; null takes this process's.</summary>
    public ProcessGroup? Processes { get; set; }

    private FastSequential((string Name, Module<Tensor, Tensor> Layer)[] layers) : base(layers)
    {
        _layers = Array.ConvertAll(layers, layer => layer.Layer);
        _upsamples = [.. _layers.Select((layer, i) => i + 1 < _layers.Length && UpsamplingConvolution.Fits(layer, _layers[i + 1]))];
    }

    /// <summary>A network of named layers.</summary>
    public static Sequential Of(params IEnumerable<(string Name, Module<Tensor, Tensor> Layer)> layers) =>
        new FastSequential([.. layers]);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var onCpu = input.device_type == DeviceType.CPU;
        var x = input;
        for (var i = 0; i < _layers.Length; i++)
        {
            var before = x;
            if (onCpu && _layers[i] is Dropout { training: true, p: > 0 } dropout) x = Drop(dropout.p, before);
            else if (onCpu && _upsamples[i]) x = UpsamplingConvolution.Of((Conv2d)_layers[++i], before);
            else if (Processes is not null && _layers[i] is BatchNorm { training: true } norm)
                x = SharedStatistics.Normalize(norm, before, Processes);
            else if (_layers[i] is Tanh && before.dtype is (ScalarType.BFloat16 or ScalarType.Float16)) x = InFull(before);
            else x = _layers[i].call(before);
            if (!ReferenceEquals(before, input) && !ReferenceEquals(before, x)) before.Dispose();
        }
        return x;
    }

    /// <summary>
    /// tanh in float32. A bfloat16 near 1 has 8 bits, so that tanh is 1 from 3.5 on, and its gradient exactly 0: nothing changes a
    /// pixel that is nearly black or white.
    /// </summary>
    private static Tensor InFull(Tensor x)
    {
        using var full = x.to(float32);
        return full.tanh();
    }

    private static Tensor Drop(double p, Tensor x)
    {
        using var mask = Mask(x.shape, p);
        if (x.dtype == mask.dtype) return x * mask;
        using var converted = mask.to(x.dtype);
        return x * converted;
    }

    private static Tensor Mask(long[] shape, double p)
    {
        using var untracked = no_grad();
        using var seed = randint(long.MaxValue, 1, dtype: int64);
        var mask = empty(shape, dtype: float32);
        DropoutMask.Fill(MemoryMarshal.Cast<byte, float>(mask.bytes), p, seed.item<long>());
        return mask;
    }
}
