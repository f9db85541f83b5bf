using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Brings batches of pixels to the device as bytes, and makes floats of them there.</summary>
internal sealed class PixelTensors : IDisposable
{
    private readonly Tensor _staging;
    private readonly ImageShape _shape;
    private readonly Device _device;

    public PixelTensors(int batchSize, ImageShape shape, Device device)
    {
        _shape = shape;
        _device = device;
        _staging = empty([batchSize, shape.Channels, shape.Height, shape.Width], dtype: uint8).DetachFromDisposeScope();
    }

    /// <summary>Images [N, C, H, W] in [-1, 1].</summary>
    /// <param name="pixels">Bytes in the same order; at least <paramref name="count"/> images.</param>
    /// <param name="count">Images to take.</param>
    public Tensor Load(ReadOnlySpan<byte> pixels, int count)
    {
        var size = count * _shape.Size;
        pixels[..size].CopyTo(_staging.bytes);
        return _staging.narrow(0, 0, count).to(_device).to(float32).div_(127.5).sub_(1);
    }

    public void Dispose() => _staging.Dispose();
}
