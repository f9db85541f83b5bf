using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Cli.Tests;

/// <summary>gan translate, by the program.</summary>
public sealed class TranslateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TranslateTests()
    {
        NegativeModel.Write(_folder["negative.onnx"], 3, 16, 16);
        for (var i = 0; i < 40; i++)
        {
            using var image = new Image<Rgb24>(16, 16, new Rgb24((byte)i, (byte)(5 * i), 200));
            image.SaveAsPng(Path.Combine(Directory.CreateDirectory(_folder[$"photos/{(i < 20 ? "a" : "b")}"]).FullName, $"{i:D2}.png"));
        }
        File.WriteAllText(_folder["photos/b/broken.jpg"], "no picture");
    }

    public void Dispose() => _folder.Dispose();

    private static Outcome Gan(params string[] arguments) => InProcess.Gan(arguments);

    private string[] Job(string folder, params string[] more) =>
        ["translate", _folder["negative.onnx"], "--data", "folder:" + _folder["photos"], "--out", _folder[folder], "--batch", "7", .. more];

    [Fact]
    public void A_folder_of_photographs_becomes_one_of_their_translations()
    {
        var outcome = Gan(Job("out", "--json"));
        Assert.True(outcome.Code == 0, outcome.ToString());
        Assert.Equal((40, 41, 1), ((int)outcome.Json["count"]!, (int)outcome.Json["total"]!, (int)outcome.Json["skippedImages"]!));
        using var image = Image.Load<Rgb24>(_folder["out/b/30.png"]);
        Assert.Equal(new Rgb24(225, 105, 55), image[3, 4]);
        Assert.Equal(0, Gan(Job("parts", "--shard", "1/2")).Code);
        Assert.InRange(Directory.GetFiles(_folder["parts"], "*.png", SearchOption.AllDirectories).Length, 14, 26);
        Assert.Equal(0, Gan(Job("parts", "--shard", "0/2")).Code);
        Assert.Equal(40, Directory.GetFiles(_folder["parts"], "*.png", SearchOption.AllDirectories).Length);
    }

    /// <summary>A model of one size brings pictures to it, but for --tile; one of free size leaves them theirs.</summary>
    [Fact]
    public void Pictures_of_a_folder_keep_their_sizes_where_the_model_lets_them()
    {
        using (var image = new Image<Rgb24>(33, 21, new Rgb24(10, 20, 30))) image.SaveAsPng(_folder["photos/wide.png"]);
        NegativeModel.Write(_folder["free.onnx"], 3, -1, -1);
        Translate("negative.onnx", "fitted", (16, 16));
        Translate("negative.onnx", "tiled", (33, 21), "--tile", "16");
        Translate("free.onnx", "free", (33, 21));
        Translate("free.onnx", "free-tiled", (33, 21), "--tile", "16");

        void Translate(string model, string folder, (int, int) size, params string[] more)
        {
            var outcome = Gan(["translate", _folder[model], "--in", _folder["photos"], "--out", _folder[folder], "--json", .. more]);
            Assert.True(outcome.Code == 0, outcome.ToString());
            Assert.Equal((41, 42, 1), ((int)outcome.Json["count"]!, (int)outcome.Json["total"]!, (int)outcome.Json["skippedImages"]!));
            using var image = Image.Load<Rgb24>(_folder[$"{folder}/wide.png"]);
            Assert.Equal(size, (image.Width, image.Height));
            Assert.Equal(new Rgb24(245, 235, 225), image[3, 4]);
        }
    }

    [Fact]
    public void Wrong_requests_are_told_in_a_line()
    {
        Told("--split must be", Job("x", "--split", "some"));
        Told("--in FOLDER, or with --data", "translate", _folder["negative.onnx"], "--out", _folder["x"]);
        Told("--tile is for the pictures of --in", Job("x", "--tile", "16"));
        Told("takes images of 16 x 16 alone, and no tiles of 32", "translate", _folder["negative.onnx"], "--in", _folder["photos"], "--out",
            _folder["x"], "--tile", "32");
        Told("--size, --channels, --limit and --split are for --data", "translate", _folder["negative.onnx"], "--in", _folder["photos"],
            "--out", _folder["x"], "--tile", "16", "--limit", "3");
        Told("There is no part 3 of 2", Job("x", "--shard", "3/2"));
        Told("makes no images", "translate", Path.Combine(Repository.Root, "models", "cifar10-dcgan", "features.onnx"), "--data",
            "folder:" + _folder["photos"], "--out", _folder["x"]);
        Assert.Equal(0, Gan(Job("job")).Code);
        Told("total 41 there, 5 here", Job("job", "--limit", "5"));

        static void Told(string expected, params string[] arguments)
        {
            var outcome = Gan(arguments);
            Assert.True(outcome.Code == 2, outcome.ToString());
            Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
            Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        }
    }
}
