using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Where a training computes.</summary>
internal static class Devices
{
    public static bool IsKnown(string name) => name is "auto" or "cpu" or "cuda";

    /// <exception cref="TrainingException">CUDA was asked for, and there is none; or libtorch cannot be used here at all.</exception>
    public static Device Resolve(string name)
    {
        TorchLibrary.Require();
        if (name == "cpu") return CPU;
        if (cuda.is_available()) return CUDA;
        if (name == "auto") return CPU;
        throw new TrainingException("The device 'cuda' was asked for, but this machine's Torch sees no CUDA device; " +
            "take the device 'auto' or 'cpu', or install the GPU's driver and build with a libtorch for CUDA (TorchSharp-cuda-linux).");
    }

    /// <summary>Moves a network. TorchSharp looks at every parameter's gradient on the way and leaves what it looked at.</summary>
    public static void Move(Module network, Device device)
    {
        using var scope = NewDisposeScope();
        network.to(device);
    }

    /// <summary>The number is always set: results are equal bit for bit only with equal numbers of threads.</summary>
    public static void UseThreads(int threads) => set_num_threads(threads > 0 ? threads : Environment.ProcessorCount);
}
