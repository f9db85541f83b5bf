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
    private readonly Parameter _weight;
    private readonly Parameter _bias;
    private readonly long? _padding;
    private readonly double _scale;

    private Equalized(string name, long[] shape, double gain, long? padding) : base(name)
    {
        _weight = new Parameter(randn(shape));
        _bias = new Parameter(zeros(shape[0]));
        _padding = padding;
        _scale = gain / Math.Sqrt(shape[1..].Aggregate(1L, (product, size) => product * size));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    /// <summary>A convolution that keeps the image's size.</summary>
    public static Equalized Conv(long inputs, long outputs, int kernel, double gain) =>
        new(nameof(Conv), [outputs, inputs, kernel, kernel], gain, padding: kernel / 2);

    /// <summary>A dense layer, [N, inputs] to [N, outputs].</summary>
    public static Equalized Dense(long inputs, long outputs, double gain) => new(nameof(Dense), [outputs, inputs], gain, padding: null);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var weight = _weight * _scale;
        return _padding is { } padding ? functional.conv2d(input, weight, _bias, padding: [padding, padding])
            : functional.linear(input, weight, _bias);
    }
}
