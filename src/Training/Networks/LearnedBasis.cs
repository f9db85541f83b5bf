using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Where <see cref="ResidualGan"/>'s generator begins: a learned map of 4 x 4 for each channel, multiplied by a number that is a linear
/// function of the latent; [N, latent] to [N, channels, 4, 4].
/// </summary>
internal sealed class LearnedBasis : Module<Tensor, Tensor>
{
    /// <summary>Height and width of the maps.</summary>
    public const int Side = 4;

    private const string Maps = "maps";

    private readonly Linear _amplitudes;

    public LearnedBasis(long latent, long channels) : base(nameof(LearnedBasis))
    {
        var maps = Parameter(randn(channels, Side, Side));
        _amplitudes = Linear(latent, channels, hasBias: false);
        InitialWeights.Normal(_amplitudes, gain: 1);
        maps.DetachFromDisposeScope();
        register_parameter(Maps, maps);
        register_module("amplitudes", _amplitudes);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var amplitudes = _amplitudes.call(input);
        using var planes = amplitudes.unsqueeze(2).unsqueeze(3);
        // A network that moves to another device has another parameter afterwards.
        return planes * get_parameter(Maps)!;
    }
}
