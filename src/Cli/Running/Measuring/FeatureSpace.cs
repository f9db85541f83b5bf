using GanPipeline.Cli.Display;
using GanPipeline.Inference;
using GanPipeline.Inference.Evaluation;

namespace GanPipeline.Cli.Running;

/// <summary>Turns images of any size into the statistics of their features.</summary>
internal sealed class FeatureSpace(FeatureModel model, int total, IRunDisplay? display, CancellationToken stop)
{
    public void RequireChannels(int channels, string file)
    {
        if (channels != model.Channels)
            throw new RequestException($"evaluate.classifier: {file} reads pictures of {Channels(model.Channels)}, but the data has {Channels(channels)}. Name a classifier of such pictures.");
    }

    /// <summary>Images without labels, as <see cref="Of"/> takes them.</summary>
    public static IEnumerable<(ImageTensor Images, IReadOnlyList<int> Labels)> Unlabelled(IEnumerable<ImageTensor> batches) =>
        batches.Select(b => (b, (IReadOnlyList<int>)[]));

    /// <summary>The features of images, and beside them their labels, an empty list for a batch without.</summary>
    public FeatureSet Of(string what, IEnumerable<(ImageTensor Images, IReadOnlyList<int> Labels)> batches)
    {
        var statistics = new GaussianStatistics(model.FeatureCount);
        var kept = new float[Math.Min(total, FeatureSet.MostVectors) * model.FeatureCount];
        List<int> keptLabels = [];
        float[] features = [];
        long done = 0;
        foreach (var (images, labels) in batches)
        {
            stop.ThrowIfCancellationRequested();
            var length = images.Count * model.FeatureCount;
            if (features.Length < length) features = new float[length];
            model.Extract(Fit(images, model.Height, model.Width).Values, features.AsSpan(0, length));
            statistics.Add(features.AsSpan(0, length));
            var room = (int)Math.Max(0, kept.Length / model.FeatureCount - done);
            features.AsSpan(0, Math.Min(images.Count, room) * model.FeatureCount).CopyTo(kept.AsSpan((int)Math.Min(done * model.FeatureCount, kept.Length)));
            keptLabels.AddRange(labels.Take(room));
            done += images.Count;
            display?.Progress(what, done, total);
        }
        return new FeatureSet(statistics, kept.AsMemory(0, (int)Math.Min(kept.Length, done * model.FeatureCount)), keptLabels);
    }

    /// <summary>
    /// Brings images to the classifier's size, alike for all that are compared: each new value is the mean of the old ones under it,
    /// weighted by their overlap.
    /// </summary>
    internal static ImageTensor Fit(ImageTensor images, int height, int width)
    {
        if (images.Height == height && images.Width == width) return images;
        var fitted = new ImageTensor(images.Count, images.Channels, height, width);
        var (rows, columns) = (Overlaps(images.Height, height), Overlaps(images.Width, width));
        var half = new float[height * images.Width];
        for (var p = 0; p < images.Count * images.Channels; p++)
        {
            var from = images.Values.AsSpan(p * images.Height * images.Width, images.Height * images.Width);
            var to = fitted.Values.AsSpan(p * height * width, height * width);
            half.AsSpan().Clear();
            foreach (var (old, row, weight) in rows)
                for (var x = 0; x < images.Width; x++) half[row * images.Width + x] += weight * from[old * images.Width + x];
            foreach (var (old, column, weight) in columns)
                for (var y = 0; y < height; y++) to[y * width + column] += weight * half[y * images.Width + old];
        }
        return fitted;
    }

    /// <summary>Which old positions lie under each new one along an axis, and with which share.</summary>
    private static List<(int Old, int New, float Weight)> Overlaps(int old, int @new)
    {
        var list = new List<(int, int, float)>();
        var scale = (double)old / @new;
        for (var n = 0; n < @new; n++)
        {
            var (from, to) = (n * scale, (n + 1) * scale);
            for (var o = (int)from; o < old && o < to - 1e-9; o++)
                list.Add((o, n, (float)((Math.Min(to, o + 1) - Math.Max(from, o)) / scale)));
        }
        return list;
    }

    private static string Channels(int channels) => channels == 1 ? "one channel (gray)" : $"{channels} channels";
}
