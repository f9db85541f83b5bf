using GanPipeline.Data;
using GanPipeline.Evaluation;

namespace GanPipeline.Pipelines;

/// <summary>Pairs of a data set, read and taken apart.</summary>
/// <param name="Inputs">[N, Cc, H, W].</param>
/// <param name="Targets">[N, C, H, W].</param>
/// <param name="Pictures">Their indices in the data set.</param>
internal sealed record PairImages(ImageTensor Inputs, ImageTensor Targets, IReadOnlyList<int> Pictures)
{
    private const int Batch = 64;

    public int Count => Inputs.Count;

    /// <summary>What cannot be measured for want of pairs is found before hours of training.</summary>
    /// <exception cref="RequestException">There are fewer than 2 pairs to test or to train with.</exception>
    public static void RequireEnough(RunContext run) => RequireEnough(run.Source("test").Count, run.Source("train").Count);

    /// <exception cref="RequestException">Fewer than 2 pairs to test or to train with could be read.</exception>
    public static void RequireEnough(int test, int train)
    {
        if (Math.Min(test, train) >= 2) return;
        throw new RequestException("Metrics of pairs need at least 2 pairs to test and 2 pairs to train with that can be read; " +
            "data.hold-out sets some aside for testing.");
    }

    /// <summary>Pairs spread evenly over a data set; those that cannot be read are left out.</summary>
    /// <exception cref="RequestException">None can be read.</exception>
    public static PairImages Read(IImageSource source, int count, CancellationToken stop)
    {
        var shape = source.Shape;
        var batches = source.ReadBatches(count, Batch, stop).ToList();
        float[] values = [.. batches.SelectMany(batch => batch.Images.Values)];
        if (values.Length == 0) throw new RequestException($"No pair of {source.Name} can be read.");
        var images = new ImageTensor(values, values.Length / shape.Size, shape.Channels, shape.Height, shape.Width);
        return new(images.SelectChannels(0, source.ConditionChannels),
            images.SelectChannels(source.ConditionChannels, shape.Channels - source.ConditionChannels),
            [.. batches.SelectMany(batch => batch.Indices)]);
    }
}
