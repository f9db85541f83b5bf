using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Evaluates a generator during its training by its samples, as by their Frechet distance from real images.</summary>
public interface IGeneratorEvaluator
{
    /// <summary>
    /// The generator's metric; the lower, the better, and one that is not a number is the worst. Equal samples must have equal metrics.
    /// </summary>
    double Evaluate(GeneratorInTraining generator);
}

/// <summary>The generator that a training samples from, for a moment in which it stands still.</summary>
public sealed class GeneratorInTraining
{
    private const int BatchSize = 64;

    private readonly GanNetworks _networks;
    private readonly Module<Tensor, Tensor> _generator;
    private readonly IImageSource _source;
    private readonly LabelVectors? _labels;

    internal GeneratorInTraining(GanNetworks networks, Module<Tensor, Tensor> generator, IImageSource source, LabelVectors? labels,
        long step)
    {
        _networks = networks;
        _generator = generator;
        _source = source;
        _labels = labels;
        Step = step;
    }

    /// <summary>Steps done.</summary>
    public long Step { get; }

    /// <summary>Images made of images, in evaluation mode, as the exported model makes them.</summary>
    /// <param name="conditions">What they are made of.</param>
    /// <exception cref="ArgumentException">Images of another shape than the generator takes.</exception>
    /// <exception cref="InvalidOperationException">The generator makes images of latents.</exception>
    public ImageTensor Translate(ImageTensor conditions) => GeneratorSamples.Translate(_networks, conditions, _generator);

    /// <summary>Makes images of the first side from images of the second one; see <see cref="GeneratorSamples.TranslateBack"/>.</summary>
    public ImageTensor TranslateBack(ImageTensor images) => GeneratorSamples.TranslateBack(_networks, images, _generator);

    /// <summary>
    /// Images of latents <c>0</c> to <c>count - 1</c> of a seed (see <see cref="Latents"/>), in evaluation mode, as the exported model
    /// makes them. A conditional generator is given the labels, or a caption, of pictures spread over the training data.
    /// </summary>
    /// <returns>Batches, made as they are asked for.</returns>
    public IEnumerable<ImageTensor> SampleBatches(int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        int[] pictures = _labels is null ? [] : [.. Spread.Indices(count, _source.Count)];
        for (var first = 0; first < count; first += BatchSize)
        {
            var size = Math.Min(BatchSize, count - first);
            var labels = _labels?.Of(
                _source, [.. Enumerable.Range(first, size).Select(i => pictures[i % pictures.Length])]) ?? [];
            yield return GeneratorSamples.Draw(_networks, Latents.Normal(seed, first, size, _networks.LatentSize), _generator, labels);
        }
    }
}
