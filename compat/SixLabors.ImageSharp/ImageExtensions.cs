using SixLabors.ImageSharp.Formats.Gif;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;

namespace SixLabors.ImageSharp;

/// <summary>Saving a picture in a format by its name.</summary>
public static class ImageExtensions
{
    public static void SaveAsGif(this Image source, Stream stream) => source.Save(stream, new GifEncoder());

    public static void SaveAsJpeg(this Image source, Stream stream) => source.Save(stream, new JpegEncoder());

    public static void SaveAsPng(this Image source, Stream stream) => source.Save(stream, new PngEncoder());
}
