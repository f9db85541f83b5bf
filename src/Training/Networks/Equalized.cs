using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A convolution or a dense layer with an equalised learning rate (Karras et al. 2018, section 4.1): its weights begin as N(0, 1), and are
/// multiplied by gain / sqrt(inputs of an output) wherever they are used, so that Adam changes all layers at one relative speed.
/// </summary>
internal sealed class Equalized : Module<Tensor, Tensor>
{
    private readonly long? _padding;
    private readonly double _scale;

    private Equalized(string name, long[] shape, double gain, long? padding, bool hasBias = true) : base(name)
    {
        _padding = padding;
        _scale = gain / Math.Sqrt(shape[1..].Aggregate(1L, (product, size) => product * size));
        register_parameter("weight", Lasting(randn(shape)));
        if (hasBias) register_parameter("bias", Lasting(zeros(shape[0])));
    }

    /// <summary>A convolution that keeps the image's size.</summary>
    public static Equalized Conv(long inputs, long outputs, int kernel, double gain) =>
        new(nameof(Conv), [outputs, inputs, kernel, kernel], gain, padding: kernel / 2);

    /// <summary>A dense layer, [N, inputs] to [N, outputs].</summary>
    public static Equalized Dense(long inputs, long outputs, double gain, bool hasBias = true) =>
        new(nameof(Dense), [outputs, inputs], gain, padding: null, hasBias);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        // By name: moving a module to another type or device makes other parameters of it.
        using var weight = get_parameter("weight")! * _scale;
        var bias = get_parameter("bias");
        return _padding is { } padding ? functional.conv2d(input, weight, bias, padding: [padding, padding])
            : functional.linear(input, weight, bias);
    }

    /// <summary>What the scope that networks are built in does not end.</summary>
    public static Parameter Lasting(Tensor values) => (Parameter)new Parameter(values).DetachFromDisposeScope();
}
