using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// How far the networks of progressive growing have grown (Karras et al. 2018, section 2): level 0 is 4 x 4 pixels, each further one twice
/// the side. While a level fades in, what it makes is mixed with what the level before makes. Fresh networks are fully grown.
/// </summary>
internal sealed class Growth(int levels)
{
    /// <summary>The side of level 0, in pixels.</summary>
    public const int FirstSide = 4;

    /// <summary>The level that images are made and judged at, from 0.</summary>
    public int Level { get; private set; } = levels - 1;

    /// <summary>The share of this level in what is made and judged, 0 to 1; the rest is of the level before.</summary>
    public double Share { get; private set; } = 1;

    /// <summary>The side of the images, in pixels.</summary>
    public int Side => FirstSide << Level;

    /// <summary>Sets what a checkpoint says.</summary>
    public void Set(int level, double share) => (Level, Share) = (level, share);

    /// <summary>Grows to where it is before a step (the paper's appendix A.1): each level fades in, then stays.</summary>
    /// <param name="options">The images of each fading in and of each staying, and those of a step.</param>
    /// <param name="number">Steps done before this one.</param>
    public void To(TrainingOptions options, long number)
    {
        var (level, images) = (LevelAt(options, number), Images(options, number));
        // Phases 1, 3, 5 and so on fade in.
        var fades = level > 0 && images / options.ImagesOfPhase == 2 * level - 1;
        Set(level, fades ? (double)(images % options.ImagesOfPhase) / options.ImagesOfPhase : 1);
    }

    /// <summary>Whether a step is the first one of a level that is not the first.</summary>
    public bool Begins(TrainingOptions options, long number) =>
        number > 0 && LevelAt(options, number) != LevelAt(options, number - 1);

    private int LevelAt(TrainingOptions options, long number) =>
        (int)Math.Min((Images(options, number) / options.ImagesOfPhase + 1) / 2, levels - 1);

    /// <summary>Real images shown before a step.</summary>
    private static long Images(TrainingOptions options, long number) => number * options.Objective.CriticSteps * options.BatchSize;

    /// <summary>Real images as this level sees them: smaller, and while it fades in mixed with the level before, enlarged.</summary>
    /// <param name="images">[N, C, H, W] of the full size.</param>
    public Tensor Real(Tensor images)
    {
        using var untracked = no_grad();
        var own = Shrink(images);
        return Share == 1 ? own : Mix(Enlarge(nn.functional.avg_pool2d(own, 2), 2), own);
    }

    /// <summary>Images at this level's size; those that have it are left as they are.</summary>
    public Tensor Shrink(Tensor images)
    {
        var factor = images.shape[^1] / Side;
        return factor > 1 ? nn.functional.avg_pool2d(images, factor) : images;
    }

    /// <summary>What the level before makes, and what this one makes, by the share.</summary>
    public Tensor Mix(Tensor before, Tensor own) => before + (own - before) * Share;

    /// <summary>Each pixel several times.</summary>
    public static Tensor Enlarge(Tensor images, int times) => nn.functional.interpolate(images, scale_factor: [times, times]);
}
