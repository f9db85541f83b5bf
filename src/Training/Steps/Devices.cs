using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Where a training computes.</summary>
internal static class Devices
{
    public static bool IsKnown(string name) => name is "auto" or "cpu" or "cuda";

    /// <exception cref="TrainingException">CUDA was asked for, and there is none.</exception>
    public static Device Resolve(string name)
    {
        if (name == "cpu") return CPU;
        if (cuda.is_available()) return CUDA;
        if (name == "auto") return CPU;
        throw new TrainingException("The device 'cuda' was asked for, but this machine's Torch sees no CUDA device; " +
            "use train.device=auto or cpu, or install a Torch with CUDA and a driver for the GPU.");
    }

    /// <summary>Torch starts with one thread on some machines, so the number is always set.</summary>
    public static void UseThreads(int threads) => set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
}
