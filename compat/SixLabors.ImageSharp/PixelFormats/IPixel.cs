namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>A pixel that converts from and to the others.</summary>
public interface IPixel
{
    void FromRgba32(Rgba32 source);

    void ToRgba32(ref Rgba32 dest);
}

/// <summary>A pixel that converts from and to the others.</summary>
public interface IPixel<TSelf> : IPixel, IEquatable<TSelf> where TSelf : unmanaged, IPixel<TSelf>;
