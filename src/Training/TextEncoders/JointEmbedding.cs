using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The symmetric structured joint embedding of Reed et al. 2016 ("Learning deep representations of fine-grained visual descriptions"): an
/// image and a text that match have a larger inner product, by a margin of 1, than that image has with other texts, and that text with
/// other images.
/// </summary>
internal static class JointEmbedding
{
    private const double Margin = 1;

    /// <summary>
    /// The mean of both hinge losses over all pairs that do not match, and the share of images whose nearest text matches.
    /// </summary>
    /// <param name="images">Embeddings [N, D].</param>
    /// <param name="texts">Embeddings [N, D]; those of one row match.</param>
    /// <param name="groups">int64 [N]; images and texts of one group match too.</param>
    /// <returns>Two scalars.</returns>
    public static (Tensor Loss, Tensor Accuracy) Compare(Tensor images, Tensor texts, Tensor groups)
    {
        var scores = images.mm(texts.t()); // of image i and text j
        var matching = scores.diagonal();
        var differ = groups.unsqueeze(1).ne(groups.unsqueeze(0)).to(scores.dtype);
        var otherTexts = functional.relu(scores - matching.unsqueeze(1) + Margin) * differ;
        var otherImages = functional.relu(scores - matching.unsqueeze(0) + Margin) * differ;
        var loss = (otherTexts.sum() + otherImages.sum()) / differ.sum().clamp_min(1);
        var nearest = groups.index_select(0, scores.detach().argmax(1));
        return (loss, nearest.eq(groups).to(float32).mean());
    }
}
