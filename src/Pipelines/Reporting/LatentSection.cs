using GanPipeline.Inference;

namespace GanPipeline.Pipelines;

/// <summary>The report's walk through the latent space: a row goes from one latent to the next.</summary>
internal static class LatentSection
{
    private const int Rows = 5, Columns = 9;

    /// <param name="file">The generator.</param>
    /// <param name="shown">The file as a command names it.</param>
    /// <param name="seed">Of the latents.</param>
    /// <returns>Nothing where there is no generator that can be used.</returns>
    public static string Build(string file, string shown, long seed)
    {
        if (!File.Exists(file)) return "";
        try
        {
            using var generator = GeneratorModel.Load(file);
            var label = generator.LabelSize > 0 ? "; a row has one label" : "";
            return $"""
                <section><h2>Between latents</h2><p class="note">Each row goes along a great circle from one latent to the next, with which
                the row below begins{label}. A generator that has learnt the data, and not single pictures, changes smoothly.</p>
                <div class="card pictures"><img alt="Pictures on the way from each of five latents to the next" src="{Html.DataUri(
                    Pictures.EncodeGrid(Draw(generator, seed), Columns))}">
                <p class="note">More of the latent space, with animations:</p><pre><code>gan latent walk {Html.Text(shown)}</code></pre>
                </div></section>
                """;
        }
        catch (ModelException)
        {
            return "";
        }
    }

    private static ImageTensor Draw(GeneratorModel generator, long seed)
    {
        var size = generator.LatentSize;
        var latents = Latents.Normal(seed, 0, Rows + 1, size);
        var labels = generator.LabelVectors(Rows, seed);
        var images = new ImageTensor(Rows * Columns, generator.Channels, generator.Height, generator.Width);
        for (var row = 0; row < Rows; row++)
        {
            var label = labels.AsSpan(row * generator.LabelSize, generator.LabelSize).ToArray();
            generator.Generate(LatentPath.Through(latents.AsSpan(row * size, 2 * size), size, Columns),
                Enumerable.Repeat(label, Columns).SelectMany(values => values).ToArray(),
                images.Values.AsSpan(row * Columns * images.ImageSize, Columns * images.ImageSize));
        }
        return images;
    }
}
