using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The discriminator of <see cref="TextToImage"/>: flattened images with a text's embedding behind them, [N, C H W + D], to logits [N, 1]:
/// whether an image is real and shows what the text says.
/// </summary>
internal sealed class TextDiscriminator : Module<Tensor, Tensor>
{
    private readonly ImageShape _shape;
    private readonly int _embeddingSize;
    private readonly Linear _text;
    private readonly Sequential _image, _joint;
    private readonly Sequential? _match;

    /// <param name="options">Embeddings as labels, and images.</param>
    public TextDiscriminator(ArchitectureOptions options) : base(nameof(TextDiscriminator))
    {
        (_shape, _embeddingSize) = (options.Shape, options.LabelSize);
        _text = TextToImage.Projection(options);
        _image = Dcgan.Features(options with { LabelSize = 0 });
        var filters = (long)options.Filters << (Dcgan.Stages(options) - 1);
        var projects = options.TextMatching == TextMatching.Projection;
        _joint = FastSequential.Of(
            ("conv", Conv2d(projects ? filters : filters + TextToImage.Projected, filters, 1, bias: false)),
            ("norm", Dcgan.Normalization(filters)),
            ("activation", Dcgan.Activation()),
            ("logit", Conv2d(filters, 1, 4, bias: false)),
            ("flatten", Flatten()));
        register_module("text", _text);
        register_module("image", _image);
        register_module("joint", _joint);
        if (!projects) return;
        _match = FastSequential.Of(("conv", Conv2d(filters, TextToImage.Projected, 4)), ("flatten", Flatten()));
        register_module("match", _match);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        var features = _image.call(
            input.narrow(1, 0, _shape.Size).reshape(-1, _shape.Channels, _shape.Height, _shape.Width));
        var text = _text.call(input.narrow(1, _shape.Size, _embeddingSize));
        if (_match is not null) return _joint.call(features) + (_match.call(features) * text).sum(1, keepdim: true);
        var planes = functional.leaky_relu(text, 0.2).unsqueeze(2).unsqueeze(3).expand(-1, -1, features.shape[2], features.shape[3]);
        return _joint.call(cat([features, planes], 1));
    }
}
