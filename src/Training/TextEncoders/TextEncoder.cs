using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// An encoder of texts, and one of images, into one space in which a picture and what is said of it are near each other
/// (Reed et al. 2016, "Learning deep representations of fine-grained visual descriptions"). The inner product of two embeddings, or their
/// cosine, says how well they match. Text-to-image GANs are told their texts by the embedding.
/// </summary>
public sealed class TextEncoder : IDisposable
{
    private TextEncoder(TextEncoderOptions options)
    {
        Options = options;
        Text = new TextNetwork(options);
        Image = ImageTrunk.Create(options.Shape, options.Filters, options.Depth, options.EmbeddingSize);
    }

    /// <summary>An encoder with fresh weights on the CPU.</summary>
    /// <param name="options">What it is built from.</param>
    /// <param name="seed">Decides the weights.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TrainingException">libtorch cannot be used here; the message says what is missing.</exception>
    public static TextEncoder Create(TextEncoderOptions options, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        TorchLibrary.Require();
        // What building makes besides parameters and buffers ends with this.
        using var scope = NewDisposeScope();
        RandomSeeds.Use(seed, RandomSeeds.Weights);
        var encoder = new TextEncoder(options);
        // The weights of recurrent layers and token embeddings would end with the scope, too.
        foreach (var parameter in encoder.Text.parameters()) parameter.DetachFromDisposeScope();
        return encoder;
    }

    /// <summary>What it is built from.</summary>
    public TextEncoderOptions Options { get; }

    /// <summary>The words or characters that it knows.</summary>
    public Vocabulary Vocabulary => Options.Vocabulary;

    /// <summary>Channels, height and width of the images.</summary>
    public ImageShape Shape => Options.Shape;

    /// <summary>Ids of texts, int64 [N, L], as <see cref="Vocabulary.Encode(string)"/> gives them, to embeddings [N, D].</summary>
    public Module<Tensor, Tensor> Text { get; }

    /// <summary>Images [N, C, H, W] in [-1, 1] to embeddings [N, D].</summary>
    public Sequential Image { get; }

    /// <summary>Frees both networks' tensors.</summary>
    public void Dispose()
    {
        Text.Dispose();
        Image.Dispose();
    }
}
