using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Images from a generator that is still a Torch module.</summary>
public static class GeneratorSamples
{
    private const int LargestBatch = 64;

    /// <summary>
    /// Generates the images of latents <c>0</c> to <c>count - 1</c> of a seed (see <see cref="Latents"/>), the network in evaluation mode, as
    /// the exported model makes them. Training mode and random state stay as they are.
    /// </summary>
    /// <param name="networks">Where the generator belongs; gives the latents' size and the images' shape.</param>
    /// <param name="count">Images to make, at least 0.</param>
    /// <param name="seed">Chooses the latents.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is the networks' own.</param>
    public static ImageTensor Draw(GanNetworks networks, int count, long seed, Module<Tensor, Tensor>? generator = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        generator ??= networks.Generator;
        var shape = networks.Shape;
        var values = new float[checked(count * shape.Size)];
        var wasTraining = generator.training;
        generator.eval();
        using (no_grad())
        {
            var device = generator.parameters().First().device;
            for (var first = 0; first < count; first += LargestBatch)
            {
                using var scope = NewDisposeScope();
                var size = Math.Min(LargestBatch, count - first);
                var latents = tensor(Latents.Normal(seed, first, size, networks.LatentSize), [size, networks.LatentSize], device: device);
                generator.call(latents).cpu().contiguous().data<float>().CopyTo(values.AsSpan(first * shape.Size, size * shape.Size));
            }
        }
        generator.train(wasTraining);
        return new ImageTensor(values, count, shape.Channels, shape.Height, shape.Width);
    }
}
