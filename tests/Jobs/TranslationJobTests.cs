using System.Globalization;
using GanPipeline.Data;
using GanPipeline.Inference;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Jobs.Tests;

public sealed class TranslationJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TranslationJobTests() => NegativeModel.Write(_folder["negative.onnx"], 3, 4, 8);

    public void Dispose() => _folder.Dispose();

    private static ListSource Source() => new(50, [3, 4, 41], hasFiles: true);

    private TranslationOptions Options(string folder = "out") =>
        new() { ModelFile = _folder["negative.onnx"], Folder = _folder[folder], Model = new() { BatchSize = 8 } };

    private static TranslationResult Run(TranslationOptions options, IImageSource? source = null)
    {
        using var job = TranslationJob.Open(options, source ?? Source());
        return job.Run();
    }

    private Dictionary<string, byte[]> Files(string folder) => Directory
        .GetFiles(_folder[folder], "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder[folder], path).Replace('\\', '/'), File.ReadAllBytes);

    private void AssertSame(string expected, string actual)
    {
        var (here, there) = (Files(expected), Files(actual));
        Assert.Equal(here.Keys.Order(StringComparer.Ordinal), there.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, content) in here) Assert.True(content.AsSpan().SequenceEqual(there[name]), name);
    }

    [Fact]
    public void Each_picture_has_its_translation_under_its_name()
    {
        var result = Run(Options());
        Assert.Equal((47, 0, 3), (result.Images, result.Kept, result.Skipped));
        var files = Files("out");
        Assert.Equal(48, files.Count);
        Assert.DoesNotContain("a,b/3.png", files.Keys);
        var source = Source();
        var pixels = new byte[source.Shape.Size];
        foreach (var (name, content) in files.Where(file => file.Key != "job.json"))
        {
            Assert.True(source.TryRead(int.Parse(Path.GetFileNameWithoutExtension(name), CultureInfo.InvariantCulture), pixels));
            using var image = Image.Load<Rgb24>(content);
            for (var i = 0; i < 32; i++)
                Assert.Equal(new Rgb24(Negative(i), Negative(32 + i), Negative(64 + i)), image[i % 8, i / 8]);
        }

        byte Negative(int value) => (byte)(255 - pixels[value]);
    }

    [Fact]
    public void Parts_are_together_the_whole_and_a_stopped_job_goes_on()
    {
        Run(Options());
        foreach (var part in new[] { 2, 0, 1 }) Run(Options("parts") with { Part = new(part, 3) });
        AssertSame("out", "parts");
        using (var job = TranslationJob.Open(Options("stopped"), Source()))
        {
            using var stop = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => job.Run(progress =>
            {
                if (progress.Done >= 24) stop.Cancel();
            }, stop.Token));
        }
        // What a process that was killed was writing.
        File.WriteAllText(_folder["stopped/a,b/.7.png.abcdefgh.tmp"], "");
        File.Delete(_folder["stopped/a,b/1.png"]);
        var result = Run(Options("stopped"));
        Assert.InRange(result.Kept, 8, 24);
        AssertSame("out", "stopped");
        // All that is left are the two batches with pictures that cannot be read.
        Assert.Equal((34, 16 - 3), ((int)Run(Options("stopped")).Kept, (int)Run(Options("stopped")).Images));
    }

    [Fact]
    public void Pictures_without_files_and_names_that_lead_elsewhere_have_numbers()
    {
        Run(Options(), new ListSource(2));
        Assert.Equal(["000000.png", "000001.png", "job.json"], Files("out").Keys.Order(StringComparer.Ordinal));
        Run(Options("away"), new NamedSource("../../x.png", "a/../b.jpg", "/c.png", "good/e.jpeg", "a/.hidden"));
        Assert.Equal(["000000.png", "000001.png", "000002.png", "000004.png", "good/e.png", "job.json"],
            Files("away").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["away", "negative.onnx", "out"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        var error = Assert.Throws<JobException>(() => Run(Options("same"), new NamedSource("x.jpg", "y.png", "X.png")));
        Assert.Contains("x.jpg and X.png would both become X.png", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_is_told()
    {
        NegativeModel.Write(_folder["two.onnx"], 3, 4, 4);
        var error = Assert.Throws<ModelException>(() => Run(Options() with { ModelFile = _folder["two.onnx"] }));
        Assert.Contains("reads images [3, 4, 4], but those of noise are [3, 4, 8]", error.Message, StringComparison.Ordinal);
        Run(Options());
        var other = Assert.Throws<JobException>(() => Run(Options() with { Model = new() { BatchSize = 9 } }));
        Assert.Contains("batchSize 8 there, 9 here", other.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public void A_picture_that_cannot_be_written_is_told()
    {
        using var job = TranslationJob.Open(Options(), Source());
        Directory.CreateDirectory(_folder["out/a,b/20.png"]);
        var error = Assert.Throws<IOException>(() => job.Run());
        Assert.Contains("20.png", error.Message, StringComparison.Ordinal);
        Directory.Delete(_folder["out/a,b/20.png"]);
        Run(Options("whole"));
        job.Run();
        AssertSame("whole", "out");
    }

    /// <summary>Whole with a model of any size, and in tiles with one of one size.</summary>
    [Theory]
    [InlineData(-1, null)]
    [InlineData(-1, 16)]
    [InlineData(16, 16)]
    public void Pictures_keep_their_sizes_and_a_job_goes_on(int side, int? tile)
    {
        NegativeModel.Write(_folder["sized.onnx"], 3, side, side);
        (int Width, int Height)[] sizes = [(16, 16), (40, 17), (23, 61)];
        for (var i = 0; i < sizes.Length; i++) Noise(sizes[i].Width, sizes[i].Height, i).SaveAsPng(Made($"photos/a/{i}.png"));
        File.WriteAllText(Made("photos/broken.jpg"), "no picture");
        var options = new TranslationOptions
        {
            ModelFile = _folder["sized.onnx"], Folder = _folder["sized"], TileSide = tile, Overlap = tile is null ? null : 4,
        };
        using var files = PictureFileList.Open(_folder["photos"]);
        for (var run = 0; run < 2; run++)
        {
            using var job = TranslationJob.Open(options, files);
            Assert.Equal(4, job.Total);
            var result = job.Run();
            Assert.Equal(run == 0 ? (3, 0, 1) : (1, 2, 1), ((int)result.Images, (int)result.Kept, (int)result.Skipped));
            File.Delete(_folder["sized/a/1.png"]);
        }
        using var last = TranslationJob.Open(options, files);
        last.Run();
        for (var i = 0; i < sizes.Length; i++)
        {
            using var image = Image.Load<Rgb24>(_folder[$"sized/a/{i}.png"]);
            Assert.Equal(sizes[i], (image.Width, image.Height));
            using var source = Noise(sizes[i].Width, sizes[i].Height, i);
            for (var y = 0; y < image.Height; y++)
            {
                // Where tiles meet, shares of a value are rounded, and so may be a byte that lies between two.
                for (var x = 0; x < image.Width; x++)
                    Assert.InRange(255 - source[x, y].G - image[x, y].G, tile is null ? 0 : -1, tile is null ? 0 : 1);
            }
        }
        var error = Assert.Throws<JobException>(() => TranslationJob.Open(options with { TileSide = 16, Overlap = 6 }, files));
        Assert.Contains("own, tiles of 16, overlap 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_a_model_cannot_take_are_told_before_any_is_translated()
    {
        Noise(40, 30, 1).SaveAsPng(Made("photos/large.png"));
        using var files = PictureFileList.Open(_folder["photos"]);
        var options = new TranslationOptions { ModelFile = _folder["negative.onnx"], Folder = _folder["out"] };
        Assert.Contains("large.png, 40 x 30 pixels: The images are [3, 30, 40], the model",
            Assert.Throws<ModelException>(() => TranslationJob.Open(options, files)).Message, StringComparison.Ordinal);
        NegativeModel.Write(_folder["free.onnx"], 3, -1, -1);
        options = options with { ModelFile = _folder["free.onnx"], Model = new() { MemoryLimit = 10_000 } };
        var message = Assert.Throws<ModelException>(() => TranslationJob.Open(options, files)).Message;
        Assert.Contains("large.png, 40 x 30 pixels", message, StringComparison.Ordinal);
        Assert.Contains("in tiles", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
        using var job = TranslationJob.Open(options with { TileSide = 16 }, files);
        Assert.Equal(1, job.Run().Images);
    }

    private string Made(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        return _folder[name];
    }

    private static Image<Rgb24> Noise(int width, int height, int seed)
    {
        var bytes = new byte[3 * width * height];
        new Random(seed).NextBytes(bytes);
        return Image.LoadPixelData<Rgb24>(bytes, width, height);
    }

    /// <summary>Pictures of given names.</summary>
    private sealed class NamedSource(params string[] names) : IImageSource
    {
        public string Name => "names";

        public int Count => names.Length;

        public ImageShape Shape => new(3, 4, 8);

        public IReadOnlyList<string> Classes => [];

        public string Fingerprint => "n";

        public int Skipped => 0;

        public IReadOnlyList<SkippedImage> SkippedImages => [];

        public int Label(int index) => -1;

        public PictureFile? FileOf(int index) => new(names[index], 8, 4, false);

        public bool TryRead(int index, Span<byte> pixels)
        {
            new Random(index).NextBytes(pixels);
            return true;
        }

        public void Dispose()
        {
        }
    }
}
