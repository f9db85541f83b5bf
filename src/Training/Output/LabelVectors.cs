using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>What conditional networks are told of a data set's pictures.</summary>
internal abstract class LabelVectors
{
    /// <summary>By a training's options and its text encoder; null where the networks are unconditional.</summary>
    public static LabelVectors? By(LabelLayout? labels, TextEncoder? texts) =>
        texts is not null ? new CaptionVectors(texts) : labels is not null ? new AttributeVectors(labels) : null;

    /// <summary>The vectors of pictures, one behind the other.</summary>
    public abstract float[] Of(IImageSource source, IReadOnlyList<int> pictures);
}

/// <summary>The attributes of pictures.</summary>
internal sealed class AttributeVectors(LabelLayout labels) : LabelVectors
{
    public override float[] Of(IImageSource source, IReadOnlyList<int> pictures)
    {
        var values = new float[source.Attributes.Count];
        var vectors = new float[pictures.Count * labels.Size];
        for (var i = 0; i < pictures.Count; i++)
        {
            source.ReadAttributes(pictures[i], values);
            labels.Encode(values, vectors.AsSpan(i * labels.Size, labels.Size));
        }
        return vectors;
    }
}

/// <summary>Embeddings of a caption of each picture.</summary>
internal sealed class CaptionVectors(TextEncoder encoder) : LabelVectors
{
    private const int Batch = 64;

    public override float[] Of(IImageSource source, IReadOnlyList<int> pictures)
    {
        var (words, size) = (encoder.Vocabulary, encoder.Options.EmbeddingSize);
        var vectors = new float[pictures.Count * size];
        for (var first = 0; first < pictures.Count; first += Batch)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Batch, pictures.Count - first);
            var ids = new long[count * words.Length];
            for (var i = 0; i < count; i++)
                words.Encode(source.DrawCaption(pictures[first + i], seed: 0, epoch: 0), ids.AsSpan(i * words.Length, words.Length));
            encoder.Embed(ids, count).cpu().contiguous().data<float>().CopyTo(vectors.AsSpan(first * size, count * size));
        }
        return vectors;
    }
}
