using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// A small convolutional classifier of images, which reads one attribute or several. Its features are the space in which generated and
/// real images are compared (the Frechet distance of Heusel et al. 2017, in a network of our own in the place of Inception).
/// </summary>
/// <remarks>
/// Trunk: three stages of 3 x 3 convolutions, each with batch normalisation and ReLU, and 2 x 2 max pooling at the stage's end; then a
/// dense layer to the features. Head: ReLU and a dense layer to the logits, of which each attribute has a block: as many as a categorical
/// attribute has values, one for a binary one.
/// </remarks>
public sealed class Classifier : IDisposable
{
    private Classifier(ClassifierOptions options)
    {
        Options = options;
        Trunk = ImageTrunk.Create(options.Shape, options.Filters, options.Depth, options.FeatureCount);
        Head = Sequential(
            ("activation", ReLU()),
            ("logits", Linear(options.FeatureCount, options.Fields.Sum(f => f.Width))));
    }

    /// <summary>A classifier with fresh weights on the CPU.</summary>
    /// <param name="options">What it is built from.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingException">libtorch cannot be used here; the message says what is missing.</exception>
    public static Classifier Create(ClassifierOptions options, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TorchLibrary.Require();
        // What building makes besides parameters and buffers ends with this.
        using var scope = NewDisposeScope();
        RandomSeeds.Use(seed, RandomSeeds.Weights);
        return new(options);
    }

    /// <summary>What it is built from.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>Channels, height and width of the images.</summary>
    public ImageShape Shape => Options.Shape;

    /// <summary>The attributes it reads, in the order of their blocks of logits.</summary>
    public IReadOnlyList<LabelField> Fields => Options.Fields;

    /// <summary>Images [N, C, H, W] in [-1, 1] to features [N, F].</summary>
    public Sequential Trunk { get; }

    /// <summary>Features to logits [N, K], K being the sum of the attributes' widths.</summary>
    public Sequential Head { get; }

    /// <summary>Frees both parts' tensors.</summary>
    public void Dispose()
    {
        Trunk.Dispose();
        Head.Dispose();
    }
}
