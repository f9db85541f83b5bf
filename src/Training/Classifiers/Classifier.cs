using GanPipeline.Data;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A small convolutional classifier of images. Its features are the space in which generated and real images are compared (the Frechet
/// distance of Heusel et al. 2017, in a network of our own in the place of Inception).
/// </summary>
/// <remarks>
/// Trunk: three stages of a 3 x 3 convolution, batch normalisation, ReLU and 2 x 2 max pooling, with 32, 64 and 128 filters, then a dense
/// layer to the features. Head: ReLU and a dense layer to the logits. Images are at least 8 x 8.
/// </remarks>
public sealed class Classifier : IDisposable
{
    private const int SmallestSide = 8;

    private Classifier(ImageShape shape, IReadOnlyList<string> classes, int featureCount)
    {
        Shape = shape;
        Classes = classes;
        FeatureCount = featureCount;
        Trunk = Sequential(
            ("conv1", Conv2d(shape.Channels, 32, 3, padding: 1, bias: false)),
            ("norm1", BatchNorm2d(32)),
            ("activation1", ReLU()),
            ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(32, 64, 3, padding: 1, bias: false)),
            ("norm2", BatchNorm2d(64)),
            ("activation2", ReLU()),
            ("pool2", MaxPool2d(2)),
            ("conv3", Conv2d(64, 128, 3, padding: 1, bias: false)),
            ("norm3", BatchNorm2d(128)),
            ("activation3", ReLU()),
            ("pool3", MaxPool2d(2)),
            ("flatten", Flatten()),
            ("features", Linear(128L * (shape.Height / 8) * (shape.Width / 8), featureCount)));
        Head = Sequential(
            ("activation", ReLU()),
            ("logits", Linear(featureCount, classes.Count)));
    }

    /// <summary>A classifier with fresh weights on the CPU.</summary>
    /// <param name="shape">The images' form.</param>
    /// <param name="classes">The classes' names, in the order of the labels; at least 2.</param>
    /// <param name="featureCount">Numbers in a feature vector, at least 1.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <exception cref="ArgumentException">Images smaller than 8 x 8, fewer than two classes, or no features.</exception>
    public static Classifier Create(ImageShape shape, IReadOnlyList<string> classes, int featureCount = 128, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        if (shape.Channels < 1 || shape.Height < SmallestSide || shape.Width < SmallestSide)
            throw new ArgumentException($"A classifier needs images of at least {SmallestSide} x {SmallestSide} pixels; got {shape.Width} x {shape.Height}.", nameof(shape));
        if (classes.Count < 2) throw new ArgumentException($"A classifier needs at least 2 classes; got {classes.Count}.", nameof(classes));
        RandomSeeds.Use(seed, RandomSeeds.Weights);
        return new(shape, classes, featureCount);
    }

    /// <summary>Channels, height and width of the images.</summary>
    public ImageShape Shape { get; }

    /// <summary>The classes' names, in the order of the labels.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Numbers in a feature vector.</summary>
    public int FeatureCount { get; }

    /// <summary>Images [N, C, H, W] in [-1, 1] to features [N, <see cref="FeatureCount"/>].</summary>
    public Sequential Trunk { get; }

    /// <summary>Features to logits [N, classes].</summary>
    public Sequential Head { get; }

    /// <summary>Frees both parts' tensors.</summary>
    public void Dispose()
    {
        Trunk.Dispose();
        Head.Dispose();
    }
}
