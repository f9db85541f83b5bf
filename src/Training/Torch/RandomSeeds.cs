using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Seeds of Torch's generators. Everything random derives from the run's seed and a place in the run, so that there is no
/// random state to save: a resumed step draws what the step drew that was never interrupted.
/// </summary>
internal static class RandomSeeds
{
    /// <summary>The place before the first step: the networks' first weights.</summary>
    public const long Weights = -1;

    /// <summary>Another place before the first step: where spectral normalisation begins.</summary>
    public const long PowerIteration = -2;

    /// <summary>Likewise, of the latents that weights from an ONNX file are tried on.</summary>
    public const long Calibration = -3;

    /// <summary>Seeds the generators of all devices for one place: a step's number from 0 on, or one before the first.</summary>
    public static void Use(long seed, long place) => manual_seed(Mix(seed, place)).Dispose();

    /// <summary>
    /// Likewise for one of several processes, each of which then draws numbers of its own: dropout, noise, augmentation.
    /// </summary>
    public static void Use(long seed, long place, int rank) => manual_seed(Mix(Mix(seed, place), rank)).Dispose();

    /// <summary>
    /// Two rounds of SplitMix64's finaliser (Steele, Lea, Flood 2014): neighbouring seeds and steps give unrelated results.
    /// </summary>
    public static long Mix(long seed, long place) => (long)Scramble(Scramble((ulong)seed) + (ulong)place);

    private static ulong Scramble(ulong x)
    {
        x += 0x9E3779B97F4A7C15;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
