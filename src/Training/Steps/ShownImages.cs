using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// What the discriminator sees of images, real and generated alike: they are augmented, and lie under instance noise (Sonderby et al. 2017;
/// Arjovsky and Bottou 2017), which makes the two distributions overlap while they are far apart. Gradients pass.
/// </summary>
internal sealed class ShownImages(ObjectiveOptions options, Objective objective, Device device, ProcessGroup processes) : IDisposable
{
    /// <summary>Null where images are not augmented.</summary>
    public Augmentation? Augmentation { get; } = options.Augments ? new(options, objective.Boundary ?? 0, device, processes) : null;

    /// <param name="images">[N, C, H, W].</param>
    /// <param name="number">Steps done before this one.</param>
    public Tensor Show(Tensor images, long number)
    {
        if (Augmentation is not null) images = Augmentation.Apply(images);
        var deviation = Noise(options, number);
        return deviation > 0 ? images + randn_like(images) * deviation : images;
    }

    /// <summary>The instance noise's standard deviation, which falls linearly to 0.</summary>
    public static double Noise(ObjectiveOptions options, long number) =>
        options.InstanceNoise > 0 ? options.InstanceNoise * Math.Max(0, 1 - (double)number / options.InstanceNoiseSteps) : 0;

    public void Dispose() => Augmentation?.Dispose();
}
