using GanPipeline.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// What all sample grids of a training are made from: the same latents and, where the networks are conditional, the same labels. Then a row
/// is a label and a column a latent.
/// </summary>
internal sealed class SampleGrid : ISampleGrid
{
    private const int LeastColumns = 4;

    private readonly GanNetworks _networks;
    private readonly float[] _latents;
    private readonly float[] _labels = [];

    public SampleGrid(GanNetworks networks, IImageSource source, TrainingOptions options, LabelVectors? labels)
    {
        _networks = networks;
        if (labels is null)
        {
            _latents = Latents.Normal(options.Seed, 0, options.SampleCount, networks.LatentSize);
            return;
        }
        var rows = Rows(source, options.Labels, labels, options.SampleCount);
        Columns = Math.Max(LeastColumns, options.SampleCount / rows.Length);
        _latents = Repeat(rows.Length, Latents.Normal(options.Seed, 0, Columns, networks.LatentSize));
        _labels = [.. rows.SelectMany(row => Repeat(Columns, row))];
    }

    /// <summary>Pictures in a row; 0 is the drawing's choice.</summary>
    public int Columns { get; }

    public ImageTensor Draw(Module<Tensor, Tensor> generator) => GeneratorSamples.Draw(_networks, _latents, generator, _labels);

    /// <summary>
    /// Each value of one categorical field; else, of several fields or of texts, the labels of the first pictures, as many as make a
    /// square.
    /// </summary>
    private static float[][] Rows(IImageSource source, LabelLayout? layout, LabelVectors labels, int most)
    {
        if (layout?.Fields is [{ Kind: LabelKind.Categorical, Width: var width }])
            return [.. Enumerable.Range(0, Math.Min(width, most)).Select(value => OneHot(value, width))];
        return [.. Enumerable.Range(0, Math.Min(source.Count, (int)Math.Ceiling(Math.Sqrt(most)))).Select(picture =>
            labels.Of(source, [picture]))];
    }

    private static float[] OneHot(int value, int width)
    {
        var vector = new float[width];
        vector[value] = 1;
        return vector;
    }

    private static float[] Repeat(int times, float[] values) => [.. Enumerable.Repeat(values, times).SelectMany(copy => copy)];
}
