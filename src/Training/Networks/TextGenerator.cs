using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>The generator of <see cref="TextToImage"/>: latents with a text's embedding behind them, [N, Z + D], to images.</summary>
internal sealed class TextGenerator : Module<Tensor, Tensor>
{
    private readonly int _latentSize, _noiseSize, _embeddingSize;
    private readonly Linear _text;
    private readonly Sequential _image;

    /// <param name="options">Latents, embeddings as labels, and images.</param>
    public TextGenerator(ArchitectureOptions options) : base(nameof(TextGenerator))
    {
        (_noiseSize, _embeddingSize) = (options.ConditioningNoise, options.LabelSize);
        _latentSize = options.LatentSize - _noiseSize;
        // Means, and behind them logarithms of variances.
        _text = TextToImage.Projection(options, Augments ? 2 * _noiseSize : TextToImage.Projected);
        _image = Dcgan.Generator(
            options with { LatentSize = _latentSize, LabelSize = Augments ? _noiseSize : TextToImage.Projected, ConditioningNoise = 0 });
        register_module("text", _text);
        register_module("image", _image);
    }

    /// <summary>Whether it has conditioning augmentation, see <see cref="ArchitectureOptions.ConditioningNoise"/>.</summary>
    public bool Augments => _noiseSize > 0;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var embeddings = input.narrow(1, _latentSize + _noiseSize, _embeddingSize);
        var latents = input.narrow(1, 0, _latentSize);
        if (!Augments) return _image.call(cat([latents, functional.leaky_relu(_text.call(embeddings), 0.2)], 1));
        var (means, logVariances) = Distributions(embeddings);
        return _image.call(cat([latents, means + (logVariances / 2).exp() * input.narrow(1, _latentSize, _noiseSize)], 1));
    }

    /// <summary>
    /// The Kullback-Leibler divergence of conditioning augmentation's normal distributions from the standard normal one, in nats: the mean
    /// over texts and distributions.
    /// </summary>
    /// <param name="embeddings">[N, D].</param>
    public Tensor Divergence(Tensor embeddings)
    {
        var (means, logVariances) = Distributions(embeddings);
        return (means.square() + logVariances.exp() - logVariances - 1).mean() / 2;
    }

    private (Tensor Means, Tensor LogVariances) Distributions(Tensor embeddings)
    {
        var both = _text.call(embeddings);
        return (both.narrow(1, 0, _noiseSize), both.narrow(1, _noiseSize, _noiseSize));
    }
}
