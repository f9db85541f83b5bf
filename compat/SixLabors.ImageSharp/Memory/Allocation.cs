using System.Runtime.CompilerServices;

namespace SixLabors.ImageSharp.Memory;

/// <summary>More memory was asked for than one picture may take.</summary>
public class InvalidMemoryOperationException : InvalidOperationException
{
    public InvalidMemoryOperationException(string message) : base(message) { }
}

/// <summary>Memory for pixels, within the limit that a picture may take: 4 GiB.</summary>
internal static class Allocation
{
    private const long Limit = 4L << 30;

    public static unsafe bool Allows<TPixel>(long width, long height) where TPixel : unmanaged =>
        width * height <= Math.Min(Array.MaxLength, Limit / sizeof(TPixel));

    public static TPixel[] Pixels<TPixel>(int width, int height) where TPixel : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (!Allows<TPixel>(width, height))
            throw new InvalidMemoryOperationException(
                $"A picture of {width} x {height} pixels of {Unsafe.SizeOf<TPixel>()} bytes is over the limit of {Limit} bytes.");
        return GC.AllocateUninitializedArray<TPixel>(width * height);
    }
}
