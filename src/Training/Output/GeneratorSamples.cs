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
    /// Makes images of images, as the exported model makes them. Training mode and random state stay as they are.
    /// </summary>
    /// <param name="networks">Where the generator belongs; they translate.</param>
    /// <param name="conditions">What images are made of, of the networks' channels, height and width.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is the networks' own.</param>
    /// <exception cref="ArgumentException">Images of another shape.</exception>
    /// <exception cref="InvalidOperationException">The networks make images of latents.</exception>
    public static ImageTensor Translate(GanNetworks networks, ImageTensor conditions, Module<Tensor, Tensor>? generator = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return Translate(networks.Translator(generator), conditions, networks.Shape with { Channels = networks.ConditionChannels },
            networks.Shape);
    }

    /// <summary>
    /// Makes images of the first side from images of the second one, as the exported model makes them. Training mode and random state stay
    /// as they are.
    /// </summary>
    /// <param name="networks">Where the generator belongs; they translate both ways.</param>
    /// <param name="images">What images are made of, of the networks' channels, height and width.</param>
    /// <param name="generator">Another generator of the same form, as an averaged one; null is the networks' own.</param>
    /// <exception cref="ArgumentException">Images of another shape.</exception>
    /// <exception cref="InvalidOperationException">The networks do not translate both ways.</exception>
    public static ImageTensor TranslateBack(GanNetworks networks, ImageTensor images, Module<Tensor, Tensor>? generator = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return Translate(networks.BackTranslator(generator), images, networks.Shape,
            networks.Shape with { Channels = networks.ConditionChannels });
    }

    private static ImageTensor Translate(Module<Tensor, Tensor> translator, ImageTensor images, ImageShape from, ImageShape to)
    {
        ArgumentNullException.ThrowIfNull(images);
        if ((images.Channels, images.Height, images.Width) != (from.Channels, from.Height, from.Width))
        {
            throw new ArgumentException($"The images are [{images.Channels}, {images.Height}, {images.Width}], the networks take " +
                $"[{from.Channels}, {from.Height}, {from.Width}].", nameof(images));
        }
        var device = translator.parameters().First().device;
        var values = new float[checked(images.Count * to.Size)];
        InEvaluation(translator, images.Count, (first, size) =>
        {
            var batch = tensor(images.Values.AsMemory(first * images.ImageSize, size * images.ImageSize),
                [size, images.Channels, images.Height, images.Width], device: device);
            translator.call(batch).cpu().contiguous().data<float>().CopyTo(values.AsSpan(first * to.Size, size * to.Size));
        });
        return new ImageTensor(values, images.Count, to.Channels, to.Height, to.Width);
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
        if (networks.Translates) throw new ArgumentException("These networks make images of images, not of latents.", nameof(networks));
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
        InEvaluation(generator, count, (first, size) =>
            networks.Generate(Rows(latents, first, size, networks.LatentSize)!, Rows(labels, first, size, networks.LabelSize),
                generator).cpu().contiguous().data<float>().CopyTo(values.AsSpan(first * shape.Size, size * shape.Size)));
        return new ImageTensor(values, count, shape.Channels, shape.Height, shape.Width);

        Tensor? Rows(ReadOnlyMemory<float> all, int first, int size, int width) => width == 0 ? null
            : tensor(all.Slice(first * width, size * width).ToArray(), [size, width], device: generator.parameters().First().device);
    }

    /// <summary>Goes through some images in batches, each in a scope of its own, the network in evaluation mode.</summary>
    private static void InEvaluation(Module<Tensor, Tensor> generator, int count, Action<int, int> batch)
    {
        var wasTraining = generator.training;
        generator.eval();
        using (no_grad())
        {
            for (var first = 0; first < count; first += LargestBatch)
            {
                using var scope = NewDisposeScope();
                batch(first, Math.Min(LargestBatch, count - first));
            }
        }
        generator.train(wasTraining);
    }
}
