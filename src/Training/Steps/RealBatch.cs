using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Real images for one update of the discriminator.</summary>
/// <param name="Images">[N, C, H, W] in [-1, 1], on the networks' device.</param>
/// <param name="Labels">Their label vectors [N, label size], which the generated images get as well; null where the networks are
/// unconditional.</param>
/// <param name="Condition">What images are made of, [N, condition channels, H, W] in [-1, 1]; null where the networks do not
/// translate.</param>
public readonly record struct RealBatch(Tensor Images, Tensor? Labels = null, Tensor? Condition = null);
