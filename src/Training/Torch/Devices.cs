using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Where a training computes.</summary>
internal static class Devices
{
    public static bool IsKnown(string name) => name is "auto" or "cpu" or "cuda";

    /// <param name="name">cpu, cuda or auto.</param>
    /// <param name="localRank">Of the processes on this machine that train together; each takes another CUDA device.</param>
    /// <exception cref="TrainingException">CUDA was asked for, and there is none; or libtorch cannot be used here at all.</exception>
    public static Device Resolve(string name, int localRank = 0)
    {
        TorchLibrary.Require();
        if (name == "cpu") return CPU;
        if (cuda.is_available())
        {
            // Matrix products and convolutions of float32 on tensor cores.
            (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (true, true);
            return localRank == 0 ? CUDA : new Device(DeviceType.CUDA, localRank % cuda.device_count());
        }
        if (name == "auto") return CPU;
        throw new TrainingException("The device 'cuda' was asked for, but this machine's Torch sees no CUDA device; " +
            "take the device 'auto' or 'cpu', or install the GPU's driver and build with a libtorch for CUDA (TorchSharp-cuda-linux).");
    }

    /// <summary>Moves a network. TorchSharp looks at every parameter's gradient on the way and leaves what it looked at.</summary>
    public static void Move(Module network, Device device)
    {
        using var scope = NewDisposeScope();
        network.to(device);
        if (device.type == DeviceType.CUDA) UseChannelsLast(network);
    }

    /// <summary>
    /// Changes the memory of a network's convolutions, and with it that of all that passes them: cuDNN's kernels for tensor cores want the
    /// channels of a place side by side, and take both operands so where one is.
    /// </summary>
    internal static void UseChannelsLast(Module network)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var kernel in network.parameters().Where(IsKernel)) TorchScriptFunctions.ChannelsLast(kernel);
    }

    /// <summary>Weights of convolutions whose memory differs between the two layouts.</summary>
    private static bool IsKernel(Tensor tensor) => tensor.shape is [_, > 1, var height, var width] && height * width > 1;

    /// <summary>The number is always set: results are equal bit for bit only with equal numbers of threads.</summary>
    /// <param name="threads">0 is one for each processor.</param>
    public static void UseThreads(int threads) => set_num_threads(Threads(threads));

    /// <summary>The number that 0 stands for, or the number itself.</summary>
    public static int Threads(int asked) => asked > 0 ? asked : Environment.ProcessorCount;
}
