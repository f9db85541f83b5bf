using GanPipeline.Cli.Display;
using GanPipeline.Inference;
using GanPipeline.Inference.Evaluation;

namespace GanPipeline.Cli.Running;

/// <summary>Turns images of any size into the statistics of their features.</summary>
internal sealed class FeatureSpace(FeatureModel model, int total, IRunDisplay display, CancellationToken stop)
{
    public void RequireChannels(int channels, string file)
    {
        if (channels != model.Channels)
            throw new RequestException($"evaluate.classifier: {file} reads pictures of {Channels(model.Channels)}, but the data has {Channels(channels)}. Name a classifier of such pictures.");
    }

    public GaussianStatistics Of(string what, IEnumerable<ImageTensor> batches)
    {
        var statistics = new GaussianStatistics(model.FeatureCount);
        float[] features = [];
        long done = 0;
        foreach (var images in batches)
        {
            stop.ThrowIfCancellationRequested();
            var length = images.Count * model.FeatureCount;
            if (features.Length < length) features = new float[length];
            model.Extract(Fit(images, model.Height, model.Width).Values, features.AsSpan(0, length));
            statistics.Add(features.AsSpan(0, length));
            done += images.Count;
            display.Progress(what, done, total);
        }
        return statistics;
    }

    /// <summary>
    /// Brings images to the classifier's size: a whole multiple is averaged or repeated; any other size (28 and 32 pixels) is cut or
    /// framed with the value -1, alike for all that are compared.
    /// </summary>
    internal static ImageTensor Fit(ImageTensor images, int height, int width)
    {
        if (images.Height == height && images.Width == width) return images;
        var fitted = new ImageTensor(images.Count, images.Channels, height, width);
        var planes = images.Count * images.Channels;
        for (var p = 0; p < planes; p++)
        {
            var from = images.Values.AsSpan(p * images.Height * images.Width, images.Height * images.Width);
            var to = fitted.Values.AsSpan(p * height * width, height * width);
            if (images.Height % height == 0 && images.Width % width == 0) Average(from, images.Width, to, width, images.Height / height, images.Width / width);
            else if (height % images.Height == 0 && width % images.Width == 0) Repeat(from, images.Width, to, width, height / images.Height, width / images.Width);
            else Frame(from, images.Height, images.Width, to, height, width);
        }
        return fitted;
    }

    private static void Average(ReadOnlySpan<float> from, int fromWidth, Span<float> to, int width, int down, int across)
    {
        for (var i = 0; i < to.Length; i++)
        {
            var (row, column) = (i / width * down, i % width * across);
            var sum = 0f;
            for (var y = 0; y < down; y++)
                for (var x = 0; x < across; x++) sum += from[(row + y) * fromWidth + column + x];
            to[i] = sum / (down * across);
        }
    }

    private static void Repeat(ReadOnlySpan<float> from, int fromWidth, Span<float> to, int width, int down, int across)
    {
        for (var i = 0; i < to.Length; i++) to[i] = from[i / width / down * fromWidth + i % width / across];
    }

    private static void Frame(ReadOnlySpan<float> from, int fromHeight, int fromWidth, Span<float> to, int height, int width)
    {
        to.Fill(-1);
        int top = (height - fromHeight) / 2, left = (width - fromWidth) / 2;
        for (var y = Math.Max(0, top); y < Math.Min(height, top + fromHeight); y++)
            for (var x = Math.Max(0, left); x < Math.Min(width, left + fromWidth); x++) to[y * width + x] = from[(y - top) * fromWidth + x - left];
    }

    private static string Channels(int channels) => channels == 1 ? "one channel (gray)" : $"{channels} channels";
}
