using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// How far a discriminator judges real images that it was not trained with as generated ones, where it tells training images from
/// generated ones: the ratio of Karras et al. 2020 (ADA), section 3. 0: it judges all real images alike; 1: held-out ones are generated
/// ones to it, it knows the training images by heart.
/// </summary>
internal sealed class HeldOutCheck
{
    private const int Count = 256, Batch = 64;

    private readonly GanNetworks _networks;
    // Read at the first look.
    private readonly Lazy<Judged> _training;
    private readonly Lazy<Judged> _heldOut;
    private readonly Lazy<float[]> _labels;

    /// <param name="networks">The networks in training.</param>
    /// <param name="training">The training images.</param>
    /// <param name="heldOut">Others of the same kind, with the same attributes.</param>
    /// <param name="labels">What conditional networks are told; else null.</param>
    public HeldOutCheck(GanNetworks networks, IImageSource training, IImageSource heldOut, LabelVectors? labels)
    {
        _networks = networks;
        _training = new(() => Read(training, labels));
        _heldOut = new(() => Read(heldOut, labels));
        // The labels that samples are drawn with.
        _labels = new(() => labels?.Of(training, [.. Spread.Indices(Count, training.Count)]) ?? []);
    }

    /// <summary>The ratio. Modes, statistics and random state of the networks stay as they are.</summary>
    /// <param name="generator">Whose samples are judged.</param>
    /// <exception cref="DataSetException">No picture can be read.</exception>
    /// <returns>Null where the discriminator tells training images from generated ones by no more than chance does.</returns>
    public double? Ratio(GeneratorInTraining generator)
    {
        var discriminator = _networks.Discriminator;
        var wasTraining = discriminator.training;
        discriminator.eval();
        try
        {
            using var untracked = no_grad();
            var training = Outputs(_training.Value);
            var heldOut = Outputs(_heldOut.Value);
            var generated = Outputs(Samples(generator));
            var gap = Mean(training) - Mean(generated);
            // Less than four standard errors is chance.
            var error = Math.Sqrt(Variance(training) / training.Length + Variance(generated) / generated.Length);
            return gap > 4 * error ? (Mean(training) - Mean(heldOut)) / gap : null;
        }
        finally
        {
            discriminator.train(wasTraining);
        }
    }

    /// <summary>Images [N, C, H, W], one behind the other, or pairs, with their label vectors.</summary>
    private readonly record struct Judged(float[] Images, float[] Labels, int Count);

    private static Judged Read(IImageSource source, LabelVectors? labels)
    {
        int[] pictures = [.. Spread.Indices(Count, source.Count)];
        var images = new float[pictures.Length * source.Shape.Size];
        var usable = source.ReadUsable(pictures, images);
        if (usable.Length == 0) throw new DataSetException($"'{source.Name}' has no picture that can be read.");
        return new(images[..(usable.Length * source.Shape.Size)], labels?.Of(source, usable) ?? [], usable.Length);
    }

    private Judged Samples(GeneratorInTraining generator)
    {
        if (_networks.Translates)
        {
            // Of the training pairs, what is made of the first images, behind these; or what is made of both.
            var pairs = new ImageTensor(_training.Value.Images, _training.Value.Count, _networks.PairShape.Channels,
                _networks.Shape.Height, _networks.Shape.Width);
            var conditions = pairs.SelectChannels(0, _networks.ConditionChannels);
            var made = generator.Translate(conditions);
            var first = !_networks.Cycles ? conditions
                : generator.TranslateBack(pairs.SelectChannels(_networks.ConditionChannels, _networks.Shape.Channels));
            return new([.. Enumerable.Range(0, pairs.Count).SelectMany(i =>
                (float[])[.. first.Image(i), .. made.Image(i)])], [], pairs.Count);
        }
        var labels = _labels.Value;
        var count = labels.Length == 0 ? Count : labels.Length / _networks.LabelSize;
        return new([.. generator.SampleBatches(count, seed: 0).SelectMany(batch => batch.Values)], labels, count);
    }

    private float[] Outputs(Judged judged)
    {
        var device = _networks.Discriminator.parameters().First().device;
        var shape = _networks.PairShape;
        var outputs = new float[judged.Count];
        for (var first = 0; first < judged.Count; first += Batch)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Batch, judged.Count - first);
            var images = tensor(judged.Images.AsMemory(first * shape.Size, count * shape.Size),
                [count, shape.Channels, shape.Height, shape.Width], device: device);
            var labels = judged.Labels.Length == 0 ? null
                : tensor(judged.Labels.AsMemory(first * _networks.LabelSize, count * _networks.LabelSize),
                    [count, _networks.LabelSize], device: device);
            var batch = _networks.Batch(images);
            // Of patches, their mean.
            _networks.Discriminate(batch.Images, labels, batch.Condition).to(float32).mean([1]).cpu().data<float>()
                .CopyTo(outputs.AsSpan(first, count));
        }
        return outputs;
    }

    private static double Mean(float[] values) => values.Average(value => (double)value);

    private static double Variance(float[] values)
    {
        var mean = Mean(values);
        return values.Average(value => (value - mean) * (value - mean));
    }
}
