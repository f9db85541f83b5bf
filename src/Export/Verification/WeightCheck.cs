using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>Refuses networks whose weights cannot be meant: such as agree with anything, or with nothing.</summary>
internal static class WeightCheck
{
    /// <summary>No trained weight is larger; memory that was never written is, as often as not.</summary>
    private const double Largest = 1e10;

    /// <exception cref="ExportException">A parameter or buffer has values that are not finite, or larger than any that training gives.
    /// </exception>
    public static void Require(IEnumerable<(string Name, Module Module)> roots)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var (root, module) in roots)
            foreach (var (name, tensor) in module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter))
                .Concat(module.named_buffers().Select(entry => (entry.name, entry.buffer))))
            {
                if (!tensor.is_floating_point() || tensor.numel() == 0) continue;
                var path = root.Length == 0 ? name : $"{root}.{name}";
                // A NaN goes through the maximum.
                var largest = tensor.detach().abs().max().to_type(ScalarType.Float64).item<double>();
                if (double.IsFinite(largest) && largest <= Largest) continue;
                var how = double.IsFinite(largest) ? $"as large as {largest:g2}" : "not finite";
                throw new ExportException($"'{path}' has values that are {how}. Either training failed, or they were never set: " +
                    "TorchSharp 0.107 leaves the weight and bias of GroupNorm as the memory was; set them with torch.nn.init.ones_ and " +
                    "zeros_.");
            }
    }
}
