namespace TorchSharp.Modules;

/// <summary>PyTorch's initial values of linear and convolution layers.</summary>
internal static class Initialization
{
    /// <summary>
    /// Weights as kaiming_uniform_ with a = √5, which is U(-1/√fan_in, 1/√fan_in); the bias from the same range.
    /// </summary>
    internal static void Uniform(Parameter weight, Parameter? bias)
    {
        torch.nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;
        var (fanIn, _) = torch.nn.init.CalculateFanInAndFanOut(weight);
        var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
        torch.nn.init.uniform_(bias, -bound, bound);
    }
}
