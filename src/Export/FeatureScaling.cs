using GanPipeline.Inference;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// The means and standard deviations of features over a set of images. A model that is exported with them gives (feature - mean) /
/// deviation, as a normaliser behind it would: features differ in size by orders of magnitude, which many trainers take badly.
/// </summary>
public sealed class FeatureScaling
{
    // Below this share of the usual deviation, or of its own mean, a feature is as good as constant on these images: divided by its own
    // deviation, it would be large noise on others, or show the rounding of float32, 6e-8 of the mean, in ten-thousandths.
    private const double LeastOfUsual = 1e-3, LeastOfMean = 5e-3;

    private readonly float[] _mean, _inverse;

    private FeatureScaling(float[] mean, float[] inverse, int images)
    {
        _mean = mean;
        _inverse = inverse;
        ImageCount = images;
    }

    /// <summary>The images that it was measured on.</summary>
    public int ImageCount { get; }

    /// <summary>Means, one for each feature.</summary>
    public IReadOnlyList<float> Mean => _mean;

    /// <summary>
    /// What each feature is multiplied by: 1 / deviation. Features that are nearly constant are divided by the deviations' quadratic mean
    /// instead, or by their own mean where that is much larger.
    /// </summary>
    public IReadOnlyList<float> Factor => _inverse;

    /// <summary>Measures a model's features.</summary>
    /// <param name="model">The model without scaling.</param>
    /// <param name="batches">Images of its size, two or more in all, such as those it was trained on.</param>
    /// <exception cref="ArgumentException">Images of another size, or fewer than two.</exception>
    public static FeatureScaling Measure(FeatureModel model, IEnumerable<ImageTensor> batches)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        var size = model.FeatureCount;
        double[] first = [], sums = new double[size], squares = new double[size];
        var count = 0;
        foreach (var images in batches)
        {
            var rows = model.Extract(images);
            for (var row = 0; row < images.Count; row++, count++)
            {
                var values = rows.AsSpan(row * size, size);
                // Sums of differences from the first image's, which do not cancel each other as squares of large numbers would.
                if (count == 0) first = [.. values.ToArray().Select(value => (double)value)];
                for (var i = 0; i < size; i++)
                {
                    var difference = values[i] - first[i];
                    sums[i] += difference;
                    squares[i] += difference * difference;
                }
            }
        }
        if (count < 2) throw new ArgumentException($"Deviations need two images or more; got {count}.", nameof(batches));
        var mean = new float[size];
        var deviations = new double[size];
        for (var i = 0; i < size; i++)
        {
            mean[i] = (float)(first[i] + sums[i] / count);
            deviations[i] = Math.Sqrt(Math.Max(0, (squares[i] - sums[i] * sums[i] / count) / count));
        }
        var usual = Math.Sqrt(deviations.Average(d => d * d));
        return new FeatureScaling(mean, [.. deviations.Select((d, i) => (float)(1 / Divisor(d, mean[i])))], count);

        double Divisor(double deviation, double mean) =>
            deviation > Math.Max(LeastOfUsual * usual, LeastOfMean * Math.Abs(mean)) ? deviation
                : usual > LeastOfMean * Math.Abs(mean) ? usual : Math.Max(1, Math.Abs(mean));
    }

    /// <summary>The features [N, F], scaled.</summary>
    /// <exception cref="ExportException">They are of another number.</exception>
    internal Tensor Apply(Tensor features) => features.shape[1] == _mean.Length
        ? (features - tensor(_mean, device: features.device)) * tensor(_inverse, device: features.device)
        : throw new ExportException($"The scaling is of {_mean.Length} features, the network has {features.shape[1]}.");
}
