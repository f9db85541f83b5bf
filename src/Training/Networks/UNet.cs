using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// An encoder and a decoder with skips (Ronneberger et al. 2015): each layer of the decoder but the innermost takes the one before it and
/// the encoder's output of the same size behind it.
/// </summary>
internal sealed class UNet : Module<Tensor, Tensor>
{
    private readonly Sequential[] _encoder;
    private readonly Sequential[] _decoder;

    /// <param name="encoder">From the outermost layer to the innermost.</param>
    /// <param name="decoder">From the innermost layer to the outermost; as many.</param>
    public UNet(Sequential[] encoder, Sequential[] decoder) : base(nameof(UNet))
    {
        (_encoder, _decoder) = (encoder, decoder);
        for (var i = 0; i < encoder.Length; i++) register_module($"down{i + 1}", encoder[i]);
        for (var i = 0; i < decoder.Length; i++) register_module($"up{decoder.Length - i}", decoder[i]);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var skips = new Tensor[_encoder.Length];
        var x = input;
        for (var i = 0; i < _encoder.Length; i++) skips[i] = x = _encoder[i].call(x);
        x = _decoder[0].call(x);
        for (var i = 1; i < _decoder.Length; i++) x = _decoder[i].call(cat([x, skips[^(i + 1)]], 1));
        return x;
    }
}
