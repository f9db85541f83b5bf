using System.Globalization;
using GanPipeline.Inference;

namespace GanPipeline.Sampler;

/// <summary>Which pictures, and where to.</summary>
/// <param name="ModelFile">A generator.</param>
/// <param name="Count">How many.</param>
/// <param name="Seed">Of the latents.</param>
/// <param name="First">Index of the first one.</param>
/// <param name="Labels">What to draw; see
/// <see cref="GeneratorModel.Sample(int, long, long, IReadOnlyList{string}?, CancellationToken)"/>.</param>
/// <param name="Output">A folder, or a file that ends in .png.</param>
/// <param name="IsGrid">Whether all of them are one picture.</param>
internal sealed record SampleRequest(
    string ModelFile, int Count, long Seed, long First, string[] Labels, string Output, bool IsGrid)
{
    private bool IsFile => Output.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes the pictures.</summary>
    /// <exception cref="ModelException">The model is none, or failed.</exception>
    /// <exception cref="ArgumentException">A label that does not exist, or one file for several pictures.</exception>
    public void Write(ModelOptions options)
    {
        if (IsFile && Count > 1 && !IsGrid)
            throw new ArgumentException($"'{Output}' is one file, for {Count} pictures: give a folder, or --grid.");
        using var generator = GeneratorModel.Load(ModelFile, options);
        if (generator.Channels is not (1 or 3))
            throw new ModelException($"'{ModelFile}' makes images of {generator.Channels} channels; a picture has 1 or 3.");
        if (IsGrid)
        {
            var (images, columns) = generator.SampleGrid(Count, Seed, First, Labels);
            Pictures.SaveGrid(images, IsFile ? Output : Path.Combine(Output, "grid.png"), columns);
            return;
        }
        var index = First;
        foreach (var images in generator.SampleBatches(Count, Seed, First, reuse: true, Labels))
        {
            for (var i = 0; i < images.Count; i++, index++) Pictures.SavePng(images, i, IsFile ? Output : FileName(index));
        }
    }

    private string FileName(long index) => Path.Combine(Output, index.ToString("D6", CultureInfo.InvariantCulture) + ".png");
}
