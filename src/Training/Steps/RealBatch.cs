using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Real images for one update of the discriminator.</summary>
/// <param name="Images">[N, C, H, W] in [-1, 1], on the networks' device.</param>
/// <param name="Labels">Their label vectors [N, label size], which the generated images get as well; null where the networks are
/// unconditional.</param>
/// <param name="Condition">What images are made of, [N, condition channels, H, W] in [-1, 1]; null where the networks do not
/// translate.</param>
/// <param name="Others">For each image what is not true of it, the label vector of another one, [N, label size]: the discriminator learns
/// that an image with such a label is none of the real pairs (Reed et al. 2016, section 4.2). Null where it does not learn that.</param>
public readonly record struct RealBatch(Tensor Images, Tensor? Labels = null, Tensor? Condition = null, Tensor? Others = null);
