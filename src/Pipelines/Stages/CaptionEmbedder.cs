using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Pipelines;

/// <summary>Embeds images and texts by the two networks of a text encoder.</summary>
/// <param name="encoder">On the CPU and in evaluation mode, as it is loaded.</param>
internal sealed class CaptionEmbedder(TextEncoder encoder)
{
    /// <summary>Images of the encoder's shape to [N, D].</summary>
    public float[] Images(ImageTensor images)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        return encoder.Image.call(tensor(images.Values, [images.Count, images.Channels, images.Height, images.Width]))
            .contiguous().data<float>().ToArray();
    }

    /// <summary>Texts to [N, D].</summary>
    public float[] Texts(IReadOnlyList<string> texts)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var words = encoder.Vocabulary;
        var ids = new long[texts.Count * words.Length];
        for (var i = 0; i < texts.Count; i++) words.Encode(texts[i], ids.AsSpan(i * words.Length, words.Length));
        return encoder.Text.call(tensor(ids, [texts.Count, words.Length])).contiguous().data<float>().ToArray();
    }
}
