using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Brings batches to the device, where pixels become floats. Nothing waits for a GPU to take them.</summary>
internal static class BatchTensors
{
    /// <summary>Images [N, C, H, W] in [-1, 1].</summary>
    /// <param name="pixels">Bytes in the same order; at least <paramref name="count"/> images.</param>
    /// <param name="count">Images to take.</param>
    /// <param name="shape">An image's.</param>
    /// <param name="device">The networks'.</param>
    public static Tensor Images(ReadOnlySpan<byte> pixels, int count, ImageShape shape, Device device)
    {
        using var bytes = Load(pixels[..(count * shape.Size)], [count, shape.Channels, shape.Height, shape.Width], uint8, device);
        return bytes.to(float32).div_(127.5).sub_(1);
    }

    /// <summary>Label vectors [N, size].</summary>
    public static Tensor Labels(ReadOnlySpan<float> vectors, int count, Device device) =>
        Load(vectors, [count, vectors.Length / count], float32, device);

    /// <summary>Ids of texts [N, length], int64; numbers of anything else [N], where the length is 0.</summary>
    public static Tensor Integers(ReadOnlySpan<long> values, int count, int length, Device device) =>
        Load(values, length == 0 ? [count] : [count, length], int64, device);

    private static Tensor Load<T>(ReadOnlySpan<T> values, long[] shape, ScalarType type, Device device) where T : unmanaged
    {
        var isOnCuda = device.type == DeviceType.CUDA;
        var staging = isOnCuda ? TorchScriptFunctions.Pinned(values.Length, type) : empty(values.Length, dtype: type);
        MemoryMarshal.AsBytes(values).CopyTo(staging.bytes);
        if (!isOnCuda) return staging.view(shape);
        using (staging) return staging.to(type, device, non_blocking: true).view(shape);
    }
}
