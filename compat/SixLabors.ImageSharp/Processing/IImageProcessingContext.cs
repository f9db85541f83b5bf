namespace SixLabors.ImageSharp.Processing;

/// <summary>What operations work on; they are extension methods of it, one class each.</summary>
public interface IImageProcessingContext
{
    Size GetCurrentSize();
}
