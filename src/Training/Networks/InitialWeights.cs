using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>What networks start from. Biases begin at zero, batch normalisations as the identity.</summary>
internal static class InitialWeights
{
    /// <summary>N(0, 0.02) in all convolutions (Radford, Metz, Chintala 2016, section 4).</summary>
    public static GanNetworks Normal(GanNetworks networks)
    {
        foreach (var layer in Modules(networks).OfType<Convolution>())
            init.normal_(layer.weight, mean: 0, std: 0.02);
        return networks;
    }

    /// <summary>The same, with biases of zero.</summary>
    public static GanNetworks WithoutBiases(GanNetworks networks)
    {
        foreach (var layer in Modules(networks).OfType<Convolution>())
            if (layer.bias is { } bias) init.zeros_(bias);
        return Normal(networks);
    }

    /// <summary>
    /// Keras' default in all convolutions and dense layers: uniform in +-sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010).
    /// </summary>
    public static GanNetworks Glorot(GanNetworks networks)
    {
        foreach (var module in Modules(networks))
        {
            if (module is Linear dense) Glorot(dense.weight, dense.bias);
            else if (module is Convolution convolution) Glorot(convolution.weight, convolution.bias);
        }
        return networks;
    }

    /// <summary>
    /// Normal with a deviation of gain / sqrt(inputs of an output) (He et al. 2015), and biases of zero, in one layer: a convolution or a
    /// dense one.
    /// </summary>
    public static void Normal(Module layer, double gain)
    {
        var weight = layer.get_parameter("weight")!;
        init.normal_(weight, mean: 0, std: gain / Math.Sqrt(weight[0].numel()));
        if (layer.get_parameter("bias") is { } bias) init.zeros_(bias);
    }

    private static void Glorot(Tensor weight, Tensor? bias)
    {
        init.xavier_uniform_(weight);
        if (bias is not null) init.zeros_(bias);
    }

    private static IEnumerable<Module> Modules(GanNetworks networks) =>
        networks.Generator.modules().Concat(networks.Discriminator.modules());
}
