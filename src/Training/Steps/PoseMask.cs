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
    /// 1 within three radii of a keypoint of the target, within one radius of its limbs (<see cref="PoseLimbs"/>), and around, else 0,
    /// [N, 1, H, W].
    /// </summary>
    /// <param name="planes">The keypoints' planes, [N, P, H, W] in [-1, 1].</param>
    /// <param name="pose">Which keypoints they are.</param>
    public static Tensor OfKeypoints(Tensor planes, PoseLayout pose)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var shows = planes.amax([1], keepdim: true).gt(IsNear);
        var limbs = PoseLimbs.Of(pose.Keypoints);
        if (limbs.Count > 0) shows = shows.logical_or(OfLimbs(planes, limbs, pose.Radius));
        return Wider(shows.to(planes.dtype)).MoveToOuterDisposeScope();
    }

    /// <summary>Whether a pixel is within the radius of a line that joins two keypoints, both of which are there; [N, 1, H, W].</summary>
    private static Tensor OfLimbs(Tensor planes, IReadOnlyList<(int From, int To)> limbs, double radius)
    {
        var (height, width) = (planes.shape[2], planes.shape[3]);
        // A point is the pixel where its plane is brightest.
        var (peaks, places) = planes.flatten(2).max(2);
        var there = peaks.gt(IsNear);
        var row = places.div(width, RoundingMode.floor);
        var (x, y) = ((places - row * width).to(float32), row.to(float32));
        var from = tensor(limbs.Select(limb => (long)limb.From).ToArray(), device: planes.device);
        var to = tensor(limbs.Select(limb => (long)limb.To).ToArray(), device: planes.device);
        // [N, limbs, 1, 1] each.
        var (startX, startY) = (Ends(x, from), Ends(y, from));
        var (alongX, alongY) = (Ends(x, to) - startX, Ends(y, to) - startY);
        // From the start to each pixel, [N, limbs, 1, W] and [N, limbs, H, 1].
        var acrossX = arange(width, float32, planes.device) - startX;
        var acrossY = arange(height, float32, planes.device).unsqueeze(1) - startY;
        // The share of the limb where the pixel's nearest point on it is; one without a length is a point.
        var share = ((acrossX * alongX + acrossY * alongY) / (alongX.square() + alongY.square()).clamp_min(1)).clamp(0, 1);
        var near = ((acrossX - share * alongX).square() + (acrossY - share * alongY).square()).le(radius * radius);
        return near.logical_and(Ends(there, from)).logical_and(Ends(there, to)).any(1, keepdim: true);

        static Tensor Ends(Tensor points, Tensor which) => points.index_select(1, which).unsqueeze(2).unsqueeze(3);
    }

    private static Tensor Wider(Tensor shows) => nn.functional.max_pool2d(shows, 2 * Around + 1, 1, Around);
}
