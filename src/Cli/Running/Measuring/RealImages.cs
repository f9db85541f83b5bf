using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Cli.Running;

/// <summary>Pictures of a data set in batches, as the networks see them.</summary>
internal static class RealImages
{
    /// <summary>So many pictures, spread over the data set, all of it where it is smaller; unusable ones are left out.</summary>
    /// <returns>The images of a batch, and their places in the data set.</returns>
    public static IEnumerable<(ImageTensor Images, int[] Indices)> Of(IImageSource source, int count, int batch)
    {
        var shape = source.Shape;
        foreach (var indices in Spread.Indices(count, source.Count).Chunk(batch))
        {
            var images = new ImageTensor(indices.Length, shape.Channels, shape.Height, shape.Width);
            var usable = new bool[indices.Length];
            Parallel.For(0, indices.Length, () => new byte[shape.Size], (i, _, pixels) =>
            {
                usable[i] = source.TryRead(indices[i], pixels);
                PixelScale.ToFloats(pixels, images.Image(i));
                return pixels;
            }, _ => { });
            var good = Enumerable.Range(0, indices.Length).Where(i => usable[i]).ToArray();
            if (good.Length == images.Count) yield return (images, indices);
            else if (good.Length > 0)
            {
                var left = new ImageTensor([.. good.SelectMany(i => images.Image(i).ToArray())], good.Length, shape.Channels, shape.Height, shape.Width);
                yield return (left, [.. good.Select(i => indices[i])]);
            }
        }
    }
}
