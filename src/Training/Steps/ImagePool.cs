using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Earlier generated images of both sides, each side by itself (Shrivastava et al. 2017, section 2.3; Zhu et al. 2017, section 4): a new
/// image fills the pool until it is full; then it goes to the discriminator half of the time, and else takes the place of an earlier one,
/// which goes there instead. Random numbers are Torch's own, so that the step's seed decides them.
/// </summary>
internal sealed class ImagePool : IDisposable
{
    private readonly (int First, int Channels)[] _sides;
    private readonly Tensor _images;
    private readonly Tensor _filled;

    /// <param name="networks">Whose generators' images it keeps.</param>
    /// <param name="size">Images of each side.</param>
    /// <param name="device">The networks'.</param>
    public ImagePool(GanNetworks networks, int size, Device device)
    {
        var shape = networks.PairShape;
        _sides = [(0, networks.ConditionChannels), (networks.ConditionChannels, networks.Shape.Channels)];
        _images = zeros(size, shape.Channels, shape.Height, shape.Width, device: device).DetachFromDisposeScope();
        _filled = zeros([], dtype: int64).DetachFromDisposeScope();
    }

    /// <summary>What a checkpoint holds of it.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => [("images", _images), ("filled", _filled)];

    /// <summary>Takes new images in, and gives as many for the discriminator.</summary>
    /// <param name="images">Both sides, [N, C, H, W], without a gradient.</param>
    public Tensor Exchange(Tensor images)
    {
        using var untracked = no_grad();
        var given = images.clone();
        for (var i = 0; i < images.shape[0]; i++)
        {
            var filled = _filled.item<long>();
            if (filled < _images.shape[0])
            {
                _images[filled].copy_(images[i]);
                _filled.add_(1);
                continue;
            }
            foreach (var (first, channels) in _sides)
            {
                using var scope = NewDisposeScope();
                if (rand(1).item<float>() < 0.5f) continue;
                var kept = _images[randint(filled, 1, dtype: int64).item<long>()].narrow(0, first, channels);
                given[i].narrow(0, first, channels).copy_(kept);
                kept.copy_(images[i].narrow(0, first, channels));
            }
        }
        return given;
    }

    public void Dispose()
    {
        _images.Dispose();
        _filled.Dispose();
    }
}
