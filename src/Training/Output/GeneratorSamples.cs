using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Images from a generator that is still a Torch module.</summary>
public static class GeneratorSamples
{
    private const int LargestBatch = 64;

    /// <summary>
    /// Generates the images of latents <c>0</c> to <c>count - 1</c> of a seed (see <see cref="Latents"/>), the network in evaluation
    /// mode, as the exported model makes them. Training mode and random state stay as they are.
    /// </summary>
    /// <param name="networks">Where the generator belongs; gives the latents' size and the images' shape.</param>
    /// <param name="count">Images to make, at least 0.</param>
    /// <param name="seed">Chooses the latents.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is the networks' own.</param>
    /// <param name="labels">A label vector for each image, one after the other; empty where the networks are unconditional.</param>
    public static ImageTensor Draw(GanNetworks networks, int count, long seed, Module<Tensor, Tensor>? generator = null,
        ReadOnlyMemory<float> labels = default)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Draw(networks, Latents.Normal(seed, 0, count, networks.LatentSize), generator, labels);
    }

    /// <summary>
    /// Generates the images of given latents, as the exported model makes them. Training mode and random state stay as they are.
    /// </summary>
    /// <param name="networks">Where the generator belongs; gives the latents' size and the images' shape.</param>
    /// <param name="latents">Latent vectors, one after the other.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is the networks' own.</param>
    /// <param name="labels">A label vector for each image, one after the other; empty where the networks are unconditional.</param>
    public static ImageTensor Draw(GanNetworks networks, ReadOnlyMemory<float> latents, Module<Tensor, Tensor>? generator = null,
        ReadOnlyMemory<float> labels = default)
    {
        ArgumentNullException.ThrowIfNull(networks);
        var count = latents.Length / networks.LatentSize;
        if (latents.Length != count * networks.LatentSize)
            throw new ArgumentException($"Latent vectors have {networks.LatentSize} numbers each; got {latents.Length} numbers.",
                nameof(latents));
        if (labels.Length != count * networks.LabelSize)
            throw new ArgumentException($"{count} images have label vectors of {networks.LabelSize} numbers each; got {labels.Length} " +
                $"numbers.", nameof(labels));
        generator ??= networks.Generator;
        var shape = networks.Shape;
        var values = new float[checked(count * shape.Size)];
        var wasTraining = generator.training;
        generator.eval();
        using (no_grad())
        {
            for (var first = 0; first < count; first += LargestBatch)
            {
                using var scope = NewDisposeScope();
                var size = Math.Min(LargestBatch, count - first);
                networks.Generate(Rows(latents, first, size, networks.LatentSize)!, Rows(labels, first, size, networks.LabelSize),
                    generator).cpu().contiguous().data<float>().CopyTo(values.AsSpan(first * shape.Size, size * shape.Size));
            }
        }
        generator.train(wasTraining);
        return new ImageTensor(values, count, shape.Channels, shape.Height, shape.Width);

        Tensor? Rows(ReadOnlyMemory<float> all, int first, int size, int width) => width == 0 ? null
            : tensor(all.Slice(first * width, size * width).ToArray(), [size, width], device: generator.parameters().First().device);
    }
}
