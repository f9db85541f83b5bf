using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>The generator of <see cref="TextToImage"/>: latents with a text's embedding behind them, [N, Z + D], to images.</summary>
internal sealed class TextGenerator : Module<Tensor, Tensor>
{
    private readonly int _latentSize, _embeddingSize;
    private readonly Linear _text;
    private readonly Sequential _image;

    /// <param name="options">Latents, embeddings as labels, and images.</param>
    public TextGenerator(ArchitectureOptions options) : base(nameof(TextGenerator))
    {
        (_latentSize, _embeddingSize) = (options.LatentSize, options.LabelSize);
        _text = TextToImage.Projection(options);
        _image = Dcgan.Generator(options with { LabelSize = TextToImage.Projected });
        register_module("text", _text);
        register_module("image", _image);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var text = functional.leaky_relu(_text.call(input.narrow(1, _latentSize, _embeddingSize)), 0.2);
        return _image.call(cat([input.narrow(1, 0, _latentSize), text], 1));
    }
}
