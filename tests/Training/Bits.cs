using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

internal static class Bits
{
    /// <summary>Whether two networks have the same weights and moving statistics, bit for bit.</summary>
    public static bool Same(Module<Tensor, Tensor> a, Module<Tensor, Tensor> b)
    {
        var other = b.state_dict();
        return a.state_dict().All(entry => Same(entry.Value, other[entry.Key]));
    }

    public static bool Same(Tensor a, Tensor b) => a.bytes.SequenceEqual(b.bytes);
}
