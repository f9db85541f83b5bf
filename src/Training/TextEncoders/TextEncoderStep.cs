using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// One step of a text encoder's training: an update of both networks' weights by Adam. Create it after they are on their device.
/// </summary>
internal sealed class TextEncoderStep : IDisposable
{
    private readonly TextEncoder _encoder;

    /// <param name="encoder">What learns.</param>
    /// <param name="learningRate">The first step's.</param>
    public TextEncoderStep(TextEncoder encoder, double learningRate)
    {
        _encoder = encoder;
        Optimizer = new(encoder.Text.parameters().Concat(encoder.Image.parameters()), learningRate);
    }

    /// <summary>Its learning rate is the next step's.</summary>
    public FusedAdam Optimizer { get; }

    /// <summary>Updates the weights.</summary>
    /// <param name="images">[N, C, H, W] in [-1, 1].</param>
    /// <param name="texts">Ids of a text of each, int64 [N, L].</param>
    /// <param name="groups">int64 [N]; texts match all images of their group.</param>
    /// <returns>The loss before the update, and the share of images whose nearest text matches, two scalars.</returns>
    public (Tensor Loss, Tensor Accuracy) Run(Tensor images, Tensor texts, Tensor groups)
    {
        var (loss, accuracy) = JointEmbedding.Compare(_encoder.Image.call(images), _encoder.Text.call(texts), groups);
        _encoder.Image.zero_grad();
        _encoder.Text.zero_grad();
        loss.backward();
        Optimizer.Step();
        return (loss.detach(), accuracy);
    }

    /// <summary>Frees the optimiser's tensors; the encoder stays.</summary>
    public void Dispose() => Optimizer.Dispose();
}
