using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// One stage of <see cref="PoseGan"/>: an encoder, a middle or none, and a decoder whose levels take the encoder's of the same size as
/// well.
/// </summary>
internal sealed class PoseUNet : Module<Tensor, Tensor>
{
    private readonly Sequential[] _encoder;
    // A field that is a module itself would be registered by its own name as well.
    private readonly (Sequential? Middle, Sequential Output) _inner;
    private readonly (Sequential Up, Sequential Joined)[] _decoder;

    /// <param name="encoder">From the largest level to the smallest.</param>
    /// <param name="middle">Of the smallest level; null leaves it as it is.</param>
    /// <param name="decoder">From the second smallest level to the largest: from the level before, and then with the encoder's.</param>
    /// <param name="output">The last layer.</param>
    public PoseUNet(Sequential[] encoder, Sequential? middle, (Sequential Up, Sequential Joined)[] decoder, Sequential output)
        : base(nameof(PoseUNet))
    {
        (_encoder, _decoder, _inner) = (encoder, decoder, (middle, output));
        for (var i = 0; i < encoder.Length; i++) register_module($"down{i + 1}", encoder[i]);
        if (middle is not null) register_module("middle", middle);
        for (var i = 0; i < decoder.Length; i++)
        {
            register_module($"up{decoder.Length - i}", decoder[i].Up);
            register_module($"joined{decoder.Length - i}", decoder[i].Joined);
        }
        register_module("output", output);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var skips = new Tensor[_encoder.Length];
        var x = input;
        for (var i = 0; i < _encoder.Length; i++) skips[i] = x = _encoder[i].call(x);
        if (_inner.Middle is not null) x = _inner.Middle.call(x);
        for (var i = 0; i < _decoder.Length; i++)
            x = _decoder[i].Joined.call(cat([_decoder[i].Up.call(x), skips[^(i + 2)]], 1));
        return _inner.Output.call(x);
    }
}
