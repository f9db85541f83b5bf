using TorchSharp.Modules;

namespace GanPipeline.Export;

/// <summary>
/// Weights that PyTorch keeps in parts: under spectral normalization (Miyato et al. 2018), which most discriminators have, and weight
/// normalization (Salimans and Kingma 2016). They become the weight that PyTorch computes of them in evaluation.
/// </summary>
internal static class NormalizedWeights
{
    /// <summary>The weight of a target from its parts; null where the file does not have them.</summary>
    /// <param name="named">The file's tensors by the module's names.</param>
    /// <param name="name">The target's name.</param>
    /// <param name="target">The target.</param>
    public static WeightTensor? Find(IReadOnlyDictionary<string, WeightTensor> named, string name, WeightTarget target)
    {
        var dot = name.LastIndexOf('.') + 1;
        var parametrized = $"{name[..dot]}parametrizations.{name[dot..]}.";
        WeightTensor? Named(string part) => named.GetValueOrDefault(part);
        return Spectral(Named(name + "_orig"), Named(name + "_u"), Named(name + "_v"), target) ??
            Spectral(Named(parametrized + "original"), Named(parametrized + "0._u"), Named(parametrized + "0._v"), target) ??
            Scaled(Named(name + "_g"), Named(name + "_v")) ??
            Scaled(Named(parametrized + "original0"), Named(parametrized + "original1"));
    }

    // W / (u' W v), where the rows of W are the output's channels.
    private static WeightTensor? Spectral(WeightTensor? weight, WeightTensor? u, WeightTensor? v, WeightTarget target)
    {
        if (weight is null || u is null || v is null || weight.Shape.Length < 2) return null;
        var axis = target.Layer is ConvolutionTranspose ? 1 : 0;
        var rows = weight.Shape[axis];
        if (u.Shape is not [var height] || v.Shape is not [var width] || height != rows ||
            (Int128)height * width != WeightTensor.Count(weight.Shape)) return null;
        return weight with
        {
            Parts = [weight.Name, u.Name, v.Name],
            Read = () =>
            {
                var values = weight.Read();
                var (left, right) = (u.Read().to_type(values.dtype), v.Read().to_type(values.dtype));
                return values / left.dot(values.transpose(0, axis).reshape(rows, -1).mv(right));
            },
        };
    }

    // g v / |v|, by the axes that g has.
    private static WeightTensor? Scaled(WeightTensor? length, WeightTensor? direction)
    {
        if (length is null || direction is null || length.Shape.Length != direction.Shape.Length) return null;
        if (length.Shape.Zip(direction.Shape).Any(side => side.First != 1 && side.First != side.Second)) return null;
        long[] axes = [.. Enumerable.Range(0, length.Shape.Length).Where(axis => length.Shape[axis] == 1).Select(axis => (long)axis)];
        return direction with
        {
            Parts = [length.Name, direction.Name],
            Read = () =>
            {
                var values = direction.Read();
                return values * (length.Read().to_type(values.dtype) / values.square().sum(axes, keepdim: true).sqrt());
            },
        };
    }
}
