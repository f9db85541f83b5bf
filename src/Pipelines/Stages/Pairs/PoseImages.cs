using GanPipeline.Data;

namespace GanPipeline.Pipelines;

/// <summary>Pairs of a data set whose inputs are images and poses, read and taken apart.</summary>
/// <param name="Pairs">Inputs with the poses' planes behind the images.</param>
/// <param name="Images">[N, C, H, W].</param>
/// <param name="Poses">[N, P, H, W].</param>
internal sealed record PoseImages(PairImages Pairs, ImageTensor Images, ImageTensor Poses)
{
    public ImageTensor Targets => Pairs.Targets;

    public int Count => Pairs.Count;

    /// <summary>Pairs spread evenly over a data set; those that cannot be read are left out.</summary>
    /// <exception cref="RequestException">None can be read.</exception>
    public static PoseImages Read(IImageSource source, int count, CancellationToken stop)
    {
        var pairs = PairImages.Read(source, count, stop);
        var (image, pose) = (source.ConditionChannels - source.Pose!.Channels, source.Pose.Channels);
        return new(pairs, pairs.Inputs.SelectChannels(0, image), pairs.Inputs.SelectChannels(image, pose));
    }
}
