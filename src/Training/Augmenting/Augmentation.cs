using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Augments images on their device, and adapts how often. No step waits for the device: the probability is a tensor on it.
/// </summary>
internal sealed class Augmentation : IDisposable
{
    private readonly ObjectiveOptions _options;
    private readonly double _boundary;
    private readonly ProcessGroup _processes;
    private readonly Tensor _probability;

    // Sum of the signs of the discriminator's outputs for real images since the last adaptation, and their number.
    private readonly Tensor _signs;

    /// <param name="options">Which changes, how often.</param>
    /// <param name="boundary">The output above which an image is taken for real.</param>
    /// <param name="device">The networks' device.</param>
    /// <param name="processes">Those that train together, which adapt alike.</param>
    public Augmentation(ObjectiveOptions options, double boundary, Device device, ProcessGroup? processes = null)
    {
        _processes = processes ?? ProcessGroup.Alone;
        _options = options;
        _boundary = boundary;
        _probability = full([], options.AdaptsAugmentation ? 0 : options.AugmentProbability, dtype: float32,
            device: device).DetachFromDisposeScope();
        _signs = zeros(2, dtype: float32, device: device).DetachFromDisposeScope();
    }

    /// <summary>A scalar on the device.</summary>
    public Tensor Probability => _probability;

    /// <summary>What a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Value)> State =>
        _options.AdaptsAugmentation ? [("probability", _probability), ("signs", _signs)] : [];

    /// <summary>Images [N, C, H, W], changed at random; differentiable any number of times.</summary>
    public Tensor Apply(Tensor images)
    {
        if (_options.Augment.HasFlag(Augmentations.Color)) images = ImageChanges.Recolor(images, Chosen(images));
        if (_options.Augment.HasFlag(Augmentations.Flip)) images = ImageChanges.Flip(images, Chosen(images));
        if (_options.Augment.HasFlag(Augmentations.Translation)) images = ImageChanges.Shift(images, Chosen(images));
        if (_options.Augment.HasFlag(Augmentations.Cutout)) images = ImageChanges.CutOut(images, Chosen(images));
        return images;
    }

    /// <summary>Takes note of the discriminator's outputs for augmented real images, [N, 1].</summary>
    public void Watch(Tensor realOutputs)
    {
        if (!_options.AdaptsAugmentation) return;
        using var untracked = no_grad();
        var signs = (realOutputs.detach() - _boundary).sign();
        var counts = stack([signs.sum(), ones_like(signs).sum()]);
        _processes.Sum(counts);
        _signs.add_(counts);
    }

    /// <summary>Moves the probability, where that is due after so many steps, by the images seen since the last time.</summary>
    public void Adapt(long stepsDone)
    {
        if (!_options.AdaptsAugmentation || stepsDone % _options.AugmentEvery != 0) return;
        using var untracked = no_grad();
        var confidence = _signs[0] / _signs[1];
        _probability.add_((confidence - _options.AugmentTarget).sign() * _signs[1] / _options.AugmentImages).clamp_(0, 1);
        _signs.zero_();
    }

    /// <summary>1 for an image that is to be changed, else 0, [N].</summary>
    private Tensor Chosen(Tensor images) => rand(images.shape[0], device: images.device).lt(_probability).to(float32);

    public void Dispose()
    {
        _probability.Dispose();
        _signs.Dispose();
    }
}
