using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Inference.Tests;

public sealed class AnimationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Frames_from_files_and_from_tensors_are_the_same_animation()
    {
        ImageTensor[] frames = [.. Enumerable.Range(0, 4).Select(k => Flat(k * 60))];
        string[] files = [.. frames.Select((f, k) => _folder[$"{k}.png"])];
        for (var k = 0; k < 4; k++) Pictures.SaveGrid(frames[k], files[k], scale: 3);
        var options = new AnimationOptions { FrameMilliseconds = 200, LastFrameMilliseconds = 1500 };
        Animation.Save(files, _folder["files.gif"], options);
        Animation.Save(frames, _folder["tensors.gif"], scale: 3, options: options);
        Assert.Equal(File.ReadAllBytes(_folder["files.gif"]), File.ReadAllBytes(_folder["tensors.gif"]));

        using var animation = Image.Load<Rgb24>(_folder["files.gif"]);
        Assert.Equal(4, animation.Frames.Count);
        Assert.Equal(0, animation.Metadata.GetGifMetadata().RepeatCount);
        Assert.Equal([20, 20, 20, 150], animation.Frames.Cast<ImageFrame>().Select(f => f.Metadata.GetGifMetadata().FrameDelay));
        for (var k = 0; k < 4; k++)
        {
            // Two grays need no other palette; a quantizer may still be a few levels off.
            Assert.InRange(animation.Frames[k][6, 6].R, k * 60 - 8, k * 60 + 8);
            Assert.InRange(animation.Frames[k][0, 0].R, 120, 136);
        }
    }

    [Fact]
    public void Of_many_frames_evenly_spaced_ones_are_taken()
    {
        ImageTensor[] frames = [.. Enumerable.Range(0, 21).Select(k => Flat(k * 10))];
        Animation.Save(frames, _folder["a.gif"], options: new AnimationOptions { MaxFrames = 5 });
        using var animation = Image.Load<Rgb24>(_folder["a.gif"]);
        Assert.Equal(5, animation.Frames.Count);
        for (var k = 0; k < 5; k++) Assert.InRange(animation.Frames[k][3, 3].R, k * 50 - 8, k * 50 + 8);
    }

    [Fact]
    public void Wrong_frames_are_refused_and_leave_no_file()
    {
        string gif = _folder["x.gif"], text = _folder["text.png"], small = _folder["small.png"], large = _folder["large.png"];
        File.WriteAllText(text, "no picture");
        Pictures.SavePng(PicturesTests.Numbered(1, 1, 4, 4), 0, small);
        Pictures.SavePng(PicturesTests.Numbered(1, 1, 8, 4), 0, large);
        Assert.Throws<ArgumentException>(() => Animation.Save(Array.Empty<string>(), gif));
        Assert.Contains(text, Assert.Throws<ArgumentException>(() => Animation.Save([text], gif)).Message, StringComparison.Ordinal);
        var message = Assert.Throws<ArgumentException>(() => Animation.Save([small, large], gif)).Message;
        Assert.Contains(large, message, StringComparison.Ordinal);
        Assert.Contains("4 x 8 pixels, the first one 4 x 4", message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => Animation.Save([_folder["none.png"]], gif));
        Assert.Throws<ArgumentOutOfRangeException>(() => Animation.Save([small], gif, new AnimationOptions { FrameMilliseconds = 0 }));
        Assert.False(File.Exists(gif));
    }

    private static ImageTensor Flat(int level)
    {
        var image = new ImageTensor(1, 1, 4, 4);
        image.Values.AsSpan().Fill(level / 127.5f - 1);
        return image;
    }
}
