using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Where a target shows something, so that its place counts more than the ground around it (the pose mask of Ma et al. 2017, section 3.1).
/// </summary>
internal static class PoseMask
{
    // In a channel, where black is -1 and white is 1.
    private const double Differs = 0.1;

    // The byte of a keypoint's plane at three radii from it, 255 exp(-4.5), and all above.
    private const double IsNear = 2.5 / 127.5 - 1;

    // Pixels that the mask reaches beyond what it shows.
    private const int Around = 2;

    /// <summary>
    /// 1 where the pixels of the target differ from the picture's edge, and around, else 0, [N, 1, H, W]: for poses without keypoints, on a
    /// ground of one color.
    /// </summary>
    /// <param name="targets">[N, C, H, W] in [-1, 1].</param>
    public static Tensor Of(Tensor targets)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var (height, width) = (targets.shape[2], targets.shape[3]);
        var edge = cat([
            targets.narrow(2, 0, 1).flatten(2), targets.narrow(2, height - 1, 1).flatten(2), targets.narrow(3, 0, 1).flatten(2),
            targets.narrow(3, width - 1, 1).flatten(2),
        ], 2);
        // The middle of its sorted values, which what reaches the edge at a few pixels does not move.
        var ground = edge.sort(2).Values.select(2, edge.shape[2] / 2).unsqueeze(2).unsqueeze(3);
        var shows = (targets - ground).abs().amax([1], keepdim: true).gt(Differs).to(targets.dtype);
        return Wider(shows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// 1 within three radii of a keypoint of the target, and around, else 0, [N, 1, H, W]. The paper joins the points by limbs, which
    /// needs to know whose they are.
    /// </summary>
    /// <param name="planes">The keypoints' planes (<see cref="PoseLayout"/>), [N, P, H, W] in [-1, 1].</param>
    public static Tensor OfKeypoints(Tensor planes)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        return Wider(planes.amax([1], keepdim: true).gt(IsNear).to(planes.dtype)).MoveToOuterDisposeScope();
    }

    private static Tensor Wider(Tensor shows) => nn.functional.max_pool2d(shows, 2 * Around + 1, 1, Around);
}
