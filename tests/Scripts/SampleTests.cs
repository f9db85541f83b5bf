using System.Globalization;
using System.Text.Json;

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
                var drawn = Script.Run(Script.Dotnet, [Repository.Gan, "generate", folder["models/generator.onnx"], "--label", label,
                    "--count", count, "--seed", seed, "--out", folder[$"data/{part}/{label}"]], folder.Path);
                Assert.True(drawn.Code == 0, drawn.ToString());
            }
        }
        var result = Sample(folder, "FewPictures", "models", "data", "50", "curve.svg");
        Assert.True(result.Code == 0, result.ToString());
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.StartsWith("1 real a class: ", lines[0], StringComparison.Ordinal);
        var difference = lines[0][(lines[0].IndexOf("difference ", StringComparison.Ordinal) + 11)..].Split(' ')[0];
        Assert.True(double.Parse(difference, System.Globalization.CultureInfo.InvariantCulture) > 10, result.Output);
        // Two lines through five points.
        var svg = System.Xml.Linq.XDocument.Load(folder["curve.svg"]);
        Assert.Equal([5, 5], svg.Descendants().Where(e => e.Name.LocalName == "polyline").Select(line => line.Attribute("points")!.Value
            .Split(' ').Length));
        Assert.Equal(2, Sample(folder, "FewPictures").Code);
    }

    [Fact]
    public void Pictures_are_found_by_their_features()
    {
        using var folder = new TemporaryFolder();
        var models = Path.Combine(Repository.Root, "tests", "ML", "models");
        var drawn = Script.Run(Script.Dotnet, [Repository.Gan, "generate", Path.Combine(models, "generator.onnx"), "--count", "40", "--out",
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

    /// <summary>Bars of three widths that lean three ways, as digits.</summary>
    [Fact]
    public void Digits_get_captions_that_say_how_they_are_written()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "t10k" })
        {
            byte[] pixels = [.. from bar in Enumerable.Range(0, 9)
                                from y in Enumerable.Range(0, 28)
                                from x in Enumerable.Range(0, 28)
                                let middle = 14 + (bar / 3 - 1) * 0.4 * (14 - y)
                                select (byte)(y is >= 4 and < 24 && Math.Abs(x + 0.5 - middle) < 1 + bar % 3 ? 255 : 0)];
            Directory.CreateDirectory(folder["mnist"]);
            File.WriteAllBytes(folder[$"mnist/{part}-images-idx3-ubyte"],
                [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28, .. pixels]);
            File.WriteAllBytes(folder[$"mnist/{part}-labels-idx1-ubyte"], [0, 0, 8, 1, 0, 0, 0, 9, .. Enumerable.Repeat((byte)1, 9)]);
        }
        var written = Sample(folder, "CaptionedDigits", "mnist", "digits");
        Assert.True(written.Code == 0, written.ToString());
        Assert.StartsWith("18 digits", written.Output, StringComparison.Ordinal);
        string[] widths = ["thin", "medium", "thick"], slants = ["left", "upright", "right"];
        Assert.Equal(["file,thickness,slant", .. from part in new[] { "train", "test" }
                                                 from bar in Enumerable.Range(0, 9)
                                                 select $"{part}/1/{bar:D6}.png,{widths[bar % 3]},{slants[bar / 3]}"],
            File.ReadAllLines(folder["digits/attributes.csv"]));
        var captions = File.ReadAllLines(folder["digits/captions.csv"]);
        Assert.Equal(1 + 18 * 4, captions.Length);
        Assert.Contains("train/1/000002.png,a thick one that leans to the left", captions);
        Assert.Equal(2, Sample(folder, "CaptionedDigits").Code);
    }

    /// <summary>Eight clients get what one gets, to the last digit, and that is what <c>gan classify</c> says of the classifier.</summary>
    [Fact]
    public async Task A_server_classifies_for_many_at_once_as_for_one()
    {
        using var folder = new TemporaryFolder();
        var (model, accuracy) = Classifier(folder);
        using var server = new Server(folder.Path, Program("ClassifyServer"), model);
        Assert.Equal("OK", (await server.Client.GetAsync("/health")).StatusCode.ToString());

        string[] files = [.. Directory.GetFiles(folder["data/test"], "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(201, files.Length);
        List<string> alone = [];
        foreach (var file in files) alone.Add(await Classify(file));
        // One engine for all goes wrong in one of thirty requests.
        const int times = 5;
        var together = new string[times * files.Length];
        await Parallel.ForAsync(0, together.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            together[i] = await Classify(files[i % files.Length]));
        Assert.Equal(Enumerable.Repeat(alone, times).SelectMany(answers => answers), together);

        var right = 0;
        foreach (var (file, text) in files.Zip(alone))
        {
            using var answer = JsonDocument.Parse(text);
            var named = answer.RootElement.GetProperty("class").GetString();
            var scores = answer.RootElement.GetProperty("scores").EnumerateObject().ToDictionary(s => s.Name, s => s.Value.GetDouble());
            Assert.Equal(["fern", "moss", "reed"], scores.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(named, scores.MaxBy(score => score.Value).Key);
            Assert.Equal(1, scores.Values.Sum(), 5);
            if (named == Path.GetFileName(Path.GetDirectoryName(file))) right++;
        }
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"{100.0 * right / files.Length:F2} %"), accuracy,
            StringComparison.Ordinal);

        async Task<string> Classify(string file)
        {
            var (status, text) = await server.Post("/classify", await File.ReadAllBytesAsync(file));
            Assert.True(status == 200, text);
            return text;
        }
    }

    [Fact]
    public async Task A_server_says_what_it_cannot_take_and_ends_when_told()
    {
        using var folder = new TemporaryFolder();
        var (model, _) = Classifier(folder);
        Assert.Equal(2, Sample(folder, "ClassifyServer").Code);
        Assert.Equal(2, Sample(folder, "ClassifyServer", model, "--port").Code);
        File.WriteAllBytes(folder["damaged.zip"], File.ReadAllBytes(model)[..2000]);
        foreach (var unusable in new[] { "none.zip", "damaged.zip" })
        {
            var told = Sample(folder, "ClassifyServer", unusable);
            Assert.Equal(1, told.Code);
            Assert.StartsWith(unusable + ": ", Assert.Single(told.ErrorLines), StringComparison.Ordinal);
        }

        using var server = new Server(folder.Path, Program("ClassifyServer"), model);
        var picture = File.ReadAllBytes(folder["data/test/fern/000000.png"]);
        await Refuses(400, "its format is not one that is read", "no picture, but a text"u8.ToArray());
        await Refuses(400, "the file is empty", []);
        await Refuses(400, "it is cut short", picture[..^100]);
        await Refuses(413, "too large", new byte[(8 << 20) + 1]);
        Assert.Equal(405, (int)(await server.Client.GetAsync("/classify")).StatusCode);
        // None of them was one too many.
        Assert.Equal(200, (await server.Post("/classify", picture)).Status);

        if (OperatingSystem.IsWindows()) return;
        var stopped = await server.Stop();
        Assert.True(stopped.Code == 0, stopped.ToString());
        Assert.Empty(stopped.Error);
        Assert.DoesNotContain("fail:", stopped.Output, StringComparison.Ordinal);

        async Task Refuses(int status, string detail, byte[] body)
        {
            var refused = await server.Post("/classify", body);
            Assert.Equal(status, refused.Status);
            using var problem = JsonDocument.Parse(refused.Text);
            Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    /// <summary>A classifier of a conditional generator's pictures, in data, and what it says of itself: how many of data/test it knows.
    /// </summary>
    private static (string File, string Accuracy) Classifier(TemporaryFolder folder)
    {
        var models = Path.Combine(Repository.Root, "tests", "ML", "models");
        foreach (var (part, count, seed) in new[] { ("train", "40", "1"), ("test", "67", "2") })
            foreach (var label in new[] { "fern", "moss", "reed" })
                Gan("generate", Path.Combine(models, "conditional.onnx"), "--label", label, "--count", count, "--seed", seed, "--out",
                    folder[$"data/{part}/{label}"]);
        var trained = Gan("classify", "--features", Path.Combine(models, "features.onnx"), "--data", "folder:" + folder["data"], "--out",
            folder["classifier"]);
        return (folder["classifier/classifier.zip"],
            trained.OutputLines.Single(line => line.Contains("images right", StringComparison.Ordinal)));

        Outcome Gan(params string[] arguments)
        {
            var ran = Script.Run(Script.Dotnet, [Repository.Gan, .. arguments], folder.Path);
            Assert.True(ran.Code == 0, ran.ToString());
            return ran;
        }
    }

    private static string Program(string name) => Path.Combine(Repository.Root, "artifacts", "bin", name, "release", name + ".dll");

    private static Outcome Sample(TemporaryFolder folder, string name, params string[] arguments) =>
        Script.Run(Script.Dotnet, [Program(name), .. arguments], folder.Path);
}
