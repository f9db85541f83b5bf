using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Data.Tests;

/// <summary>Short ways to make files and to look at what was read.</summary>
internal static class Reading
{
    public static byte[] Read(this IImageSource source, int index)
    {
        var pixels = new byte[source.Shape.Size];
        Assert.True(source.TryRead(index, pixels), $"picture {index} cannot be used");
        return pixels;
    }

    public static byte[][] ReadAll(this IImageSource source) => [.. Enumerable.Range(0, source.Count).Select(source.Read)];

    /// <summary>The one picture of a folder, in colour.</summary>
    public static byte[] Single(TemporaryFolder folder, int size)
    {
        using var source = DataSets.Open(new DataOptions { Kind = "folder", Path = folder.Path, Size = size });
        Assert.Equal(1, source.Count);
        return source.Read(0);
    }

    /// <summary>A picture of one colour.</summary>
    public static Image<Rgba32> Plain(int width, int height, byte red, byte green, byte blue, byte opacity = 255) =>
        new(width, height, new Rgba32(red, green, blue, opacity));

    public static byte[] Png(int width, int height, byte red, byte green, byte blue, byte opacity = 255)
    {
        using var image = Plain(width, height, red, green, blue, opacity);
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        return stream.ToArray();
    }

    public static byte[] Jpeg(int width, int height, byte red, byte green, byte blue)
    {
        using var image = Plain(width, height, red, green, blue);
        using var stream = new MemoryStream();
        image.SaveAsJpeg(stream);
        return stream.ToArray();
    }

    public static void Put(this TemporaryFolder folder, string relative, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[relative])!);
        File.WriteAllBytes(folder[relative], content);
    }

    public static DataSetException Fails(DataOptions options) => Assert.Throws<DataSetException>(() => DataSets.Open(options).Dispose());
}
