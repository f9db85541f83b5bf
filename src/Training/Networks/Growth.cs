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
        var (level, share, _) = At(options, number);
        Set(level, share);
    }

    /// <summary>Whether a step is the first one of a level that is not the first.</summary>
    public bool Begins(TrainingOptions options, long number) =>
        number > 0 && At(options, number).Level != At(options, number - 1).Level;

    /// <summary>The images of a batch at this level.</summary>
    public int BatchSize(TrainingOptions options) => BatchSize(options, Level);

    private int BatchSize(TrainingOptions options, int level) => options.FinalBatchSize == 0 ? options.BatchSize
        : (int)Math.Min(options.BatchSize, (long)options.FinalBatchSize << (levels - 1 - level));

    /// <summary>Real images shown before a step.</summary>
    public long Images(TrainingOptions options, long number) => At(options, number).Images;

    private (int Level, double Share, long Images) At(TrainingOptions options, long number)
    {
        // Phases 1, 3, 5 and so on fade in; the one after the last of these is without end.
        var shown = 0L;
        for (var phase = 0; ; phase++)
        {
            var level = (phase + 1) / 2;
            var images = (long)options.Objective.CriticSteps * BatchSize(options, level);
            var steps = (options.ImagesOfPhase + images - 1) / images;
            if (number < steps || phase == 2 * (levels - 1))
                return (level, phase % 2 == 0 ? 1 : (double)number * images / options.ImagesOfPhase, shown + number * images);
            number -= steps;
            shown += steps * images;
        }
    }

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
