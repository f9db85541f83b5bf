using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Embeddings of texts [N, D] on the encoder's device, without gradients. Their padding changes nothing.</summary>
    /// <param name="ids">int64 [N, L], as <see cref="Vocabulary"/> gives them.</param>
    /// <param name="count">N.</param>
    internal Tensor Embed(ReadOnlySpan<long> ids, int count)
    {
        using var untracked = no_grad();
        var device = Text.parameters().First().device;
        return Text.call(BatchTensors.Integers(ids, count, Vocabulary.Length, device));
    }

    /// <summary>A short hash of the texts' network and its vocabulary: equal hashes, equal embeddings.</summary>
    internal string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Vocabulary.ToJson()));
        foreach (var (name, value) in TrainingState.Of("", Text).OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            using var onCpu = value.cpu().contiguous();
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(onCpu.bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Frees both networks' tensors.</summary>
    public void Dispose()
    {
        Text.Dispose();
        Image.Dispose();
    }
}
