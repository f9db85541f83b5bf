using GanPipeline.Inference;

namespace GanPipeline.Jobs;

/// <summary>Generated images, on their way into a shard.</summary>
/// <param name="Place">The first one's place in the job.</param>
/// <param name="Seed">Of their latents.</param>
/// <param name="First">The first one's index in the seed.</param>
/// <param name="Count">How many.</param>
/// <param name="Pixels">[N, H, W, C].</param>
/// <param name="Labels">Label vectors [N, K]; empty where the generator is not conditional.</param>
internal sealed record SampleBatch(long Place, long Seed, long First, int Count, byte[] Pixels, float[] Labels);

/// <summary>What all images of a job have in common.</summary>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
/// <param name="Channels">C, 1 or 3.</param>
/// <param name="Labels">What label vectors mean; null where there are none, or the model does not say.</param>
/// <param name="LabelSize">K; 0 where there are none.</param>
internal sealed record SampleForm(int Height, int Width, int Channels, LabelLayout? Labels, int LabelSize)
{
    public int ImageSize => Height * Width * Channels;

    /// <summary>The field whose value is a class, where the label is nothing else.</summary>
    public LabelField? Class => Labels?.Fields is [{ Kind: LabelKind.Categorical } only] ? only : null;

    public static SampleForm Of(GeneratorModel model) => new(model.Height, model.Width, model.Channels, model.Labels, model.LabelSize);

    /// <summary>The values of the label's fields, in their order.</summary>
    public float[] Values(SampleBatch batch, int index)
    {
        var values = new float[Labels?.Fields.Count ?? 0];
        Labels?.DecodeFields(batch.Labels.AsSpan(index * LabelSize, LabelSize), values);
        return values;
    }

    /// <summary>The same as texts.</summary>
    public string[] Describe(SampleBatch batch, int index) =>
        [.. Values(batch, index).Select((value, i) => Labels!.Fields[i].Write(value))];

    /// <summary>The number of a sample's class.</summary>
    public int ClassOf(SampleBatch batch, int index) => batch.Labels.AsSpan(index * LabelSize, LabelSize).IndexOf(1f);

    /// <summary>A PNG file's content for each image.</summary>
    public byte[][] Png(SampleBatch batch)
    {
        var pictures = new byte[batch.Count][];
        using var content = new MemoryStream();
        for (var i = 0; i < pictures.Length; i++)
        {
            content.SetLength(0);
            Image(batch, i).WritePng(content);
            pictures[i] = content.ToArray();
        }
        return pictures;
    }

    public PixelImage Image(SampleBatch batch, int index) =>
        new(batch.Pixels.AsSpan(index * ImageSize, ImageSize).ToArray(), Channels, Height, Width);
}
