namespace GanPipeline.Scripts.Tests;

[Collection("builds")]
public class SampleTests
{
    [Fact]
    public void A_generator_is_trained_exported_and_drawn_from()
    {
        using var folder = new TemporaryFolder();
        var trained = Sample(folder, "TrainAndExport", "10", "gan");
        Assert.True(trained.Code == 0, trained.ToString());
        Assert.Contains("10 steps", trained.Output, StringComparison.Ordinal);
        var drawn = Sample(folder, "Generate", "gan/generator.onnx", "grid.png");
        Assert.True(drawn.Code == 0, drawn.ToString());
        Assert.StartsWith("32 numbers make 1 x 32 x 32 pixels.", drawn.Output, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["grid.png"])[..4]);
    }

    [Fact]
    public void A_missing_generator_is_told()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(2, Sample(folder, "Generate").Code);
        var missing = Sample(folder, "Generate", "none.onnx");
        Assert.Equal(1, missing.Code);
        Assert.Contains("none.onnx", missing.Error, StringComparison.Ordinal);
    }

    /// <summary>Pictures of a generator as the real ones: with many generated ones the classifier learns what few real ones do not say.
    /// </summary>
    [Fact]
    public void Generated_pictures_help_where_real_ones_are_few()
    {
        using var folder = new TemporaryFolder();
        var models = Path.Combine(Repository.Root, "tests", "ML", "models");
        Directory.CreateDirectory(folder["models"]);
        File.Copy(Path.Combine(models, "conditional.onnx"), folder["models/generator.onnx"]);
        File.Copy(Path.Combine(models, "features.onnx"), folder["models/features.onnx"]);
        foreach (var (part, count, seed) in new[] { ("train", "3", "1"), ("test", "40", "2") })
        {
            foreach (var label in new[] { "fern", "moss", "reed" })
            {
                var drawn = Script.Run(Script.Dotnet, [Path.Combine(Repository.Root, "artifacts", "bin", "GanPipeline.Cli", "release",
                    "gan.dll"), "generate", folder["models/generator.onnx"], "--label", label, "--count", count, "--seed", seed, "--out",
                    folder[$"data/{part}/{label}"]], folder.Path);
                Assert.True(drawn.Code == 0, drawn.ToString());
            }
        }
        var result = Sample(folder, "FewPictures", "models", "data", "50");
        Assert.True(result.Code == 0, result.ToString());
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("1 real a class: ", lines[0], StringComparison.Ordinal);
        var difference = lines[0][(lines[0].IndexOf("difference ", StringComparison.Ordinal) + 11)..].Split(' ')[0];
        Assert.True(double.Parse(difference, System.Globalization.CultureInfo.InvariantCulture) > 10, result.Output);
        Assert.Equal(2, Sample(folder, "FewPictures").Code);
    }

    [Fact]
    public void Pictures_are_found_by_their_features()
    {
        using var folder = new TemporaryFolder();
        var models = Path.Combine(Repository.Root, "tests", "ML", "models");
        var gan = Path.Combine(Repository.Root, "artifacts", "bin", "GanPipeline.Cli", "release", "gan.dll");
        var drawn = Script.Run(Script.Dotnet, [gan, "generate", Path.Combine(models, "generator.onnx"), "--count", "40", "--out",
            folder["pictures"]], folder.Path);
        Assert.True(drawn.Code == 0, drawn.ToString());
        File.Copy(folder["pictures/000007.png"], folder["pictures/copy.png"]);
        var features = Path.Combine(models, "features.onnx");

        var like = Sample(folder, "PictureSearch", features, "pictures", "like", "pictures/000007.png");
        Assert.True(like.Code == 0, like.ToString());
        var lines = like.Output.Split('\n');
        Assert.StartsWith("41 pictures, 8 features each", lines[0], StringComparison.Ordinal);
        // Others of this generator are almost as like: the same picture is no farther than the fourth.
        var nearest = lines[1..5].Select(line => line.Trim()).ToArray();
        Assert.Contains("1.000  000007.png", nearest);
        Assert.Contains("1.000  copy.png", nearest);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(folder["found.png"])[..4]);

        Assert.Contains("1.000  000007.png  copy.png",
            Sample(folder, "PictureSearch", features, "pictures", "duplicates").Output, StringComparison.Ordinal);
        var groups = Sample(folder, "PictureSearch", features, "pictures", "groups", "3").Output;
        Assert.Equal(41, groups.Split('\n').Where(line => line.StartsWith("group ", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(2, Sample(folder, "PictureSearch").Code);
    }

    private static Outcome Sample(TemporaryFolder folder, string name, params string[] arguments) => Script.Run(Script.Dotnet,
        [Path.Combine(Repository.Root, "artifacts", "bin", name, "release", name + ".dll"), .. arguments], folder.Path);
}
