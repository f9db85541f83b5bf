namespace GanPipeline.Inference;

/// <summary>The distance of latents' images to a given one: the Euclidean one of their features.</summary>
internal sealed class FeatureDistance
{
    // Images in memory at a time.
    private const int ChunkSize = 256;

    private readonly GeneratorModel _generator;
    private readonly FeatureModel _features;
    private readonly float[] _target, _label;
    private readonly CancellationToken _cancellationToken;

    public FeatureDistance(
        GeneratorModel generator, FeatureModel features, ImageTensor image, float[] label, CancellationToken cancellationToken)
    {
        if (image.Count != 1) throw new ArgumentException($"{image.Count} images given; one is searched at a time.");
        if (image.Channels != generator.Channels || features.Channels != generator.Channels)
            throw new ArgumentException($"The generator's images have {generator.Channels} channels, the given one {image.Channels}, and " +
                $"the features are those of images with {features.Channels}.");
        if (label.Length != generator.LabelSize)
            throw new ArgumentException($"{label.Length} values given for a label vector; the generator takes {generator.LabelSize}.");
        (_generator, _features, _label, _cancellationToken) = (generator, features, label, cancellationToken);
        _target = FeaturesOf(image);
    }

    /// <summary>Latents asked for so far.</summary>
    public long Count { get; private set; }

    /// <summary>The distance of each latent's image.</summary>
    /// <param name="latents">Row-major [N, Z].</param>
    public double[] Of(float[] latents)
    {
        var size = _generator.LatentSize;
        var distances = new double[latents.Length / size];
        for (int done = 0, n; done < distances.Length; done += n)
        {
            n = Math.Min(ChunkSize, distances.Length - done);
            var images = new ImageTensor(n, _generator.Channels, _generator.Height, _generator.Width);
            float[] labels = [.. Enumerable.Repeat(_label, n).SelectMany(v => v)];
            _generator.Generate(latents.AsSpan(done * size, n * size), labels, images.Values, _cancellationToken);
            var features = FeaturesOf(images);
            for (var i = 0; i < n; i++) distances[done + i] = Distance(features.AsSpan(i * _target.Length, _target.Length));
        }
        Count += distances.Length;
        return distances;
    }

    private float[] FeaturesOf(ImageTensor images) =>
        _features.Extract(AreaResampling.Resize(images, _features.Height, _features.Width), _cancellationToken);

    private double Distance(ReadOnlySpan<float> features)
    {
        double sum = 0;
        for (var i = 0; i < features.Length; i++)
        {
            var difference = (double)features[i] - _target[i];
            sum += difference * difference;
        }
        return Math.Sqrt(sum);
    }
}
