using GanPipeline.Inference;

namespace GanPipeline.Sampler.Tests;

/// <summary>The native program makes what the library makes, needs nothing but ONNX Runtime, and tells mistakes in a line.</summary>
[Collection(Published.Name)]
public sealed class SamplerTests(PublishedSampler sampler) : IDisposable
{
    private const string Linker = "gcc";

    // What a deployment may weigh.
    private const long MostBytes = 45_000_000;

    private readonly TemporaryFolder _folder = new();

    private static string Conditional => Path.Combine(Repository.Root, "tests", "Inference", "models", "conditional.onnx");

    public void Dispose() => _folder.Dispose();

    [PeerFact(Linker, "--version")]
    public void It_is_two_files()
    {
        Assert.Equal(["gan-sample", "libonnxruntime.so"],
            Directory.GetFiles(sampler.Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.InRange(Directory.GetFiles(sampler.Folder).Sum(file => new FileInfo(file).Length), 1, MostBytes);
    }

    [PeerFact(Linker, "--version")]
    public void Pictures_are_those_of_the_library()
    {
        var (code, output, error) = sampler.Run(_folder.Path, Conditional, "--count", "7", "--seed", "-3", "--first", "5",
            "--label", "class=dog", "--out", "pictures");
        Assert.True((code, output, error) == (0, "", ""), output + error);
        using var generator = GeneratorModel.Load(Conditional);
        var images = generator.Sample(7, -3, first: 5, labels: ["class=dog"]);
        Assert.Equal(7, Directory.GetFiles(_folder["pictures"]).Length);
        for (var i = 0; i < 7; i++)
        {
            Pictures.SavePng(images, i, _folder["expected.png"]);
            Assert.Equal(File.ReadAllBytes(_folder["expected.png"]), File.ReadAllBytes(_folder[$"pictures/{i + 5:D6}.png"]));
        }
        Assert.Equal(0, sampler.Run(_folder.Path, Conditional, "--count", "12", "--grid", "--out", "grid.png").Code);
        var (grid, columns) = generator.SampleGrid(12);
        Pictures.SaveGrid(grid, _folder["expected.png"], columns);
        Assert.Equal(File.ReadAllBytes(_folder["expected.png"]), File.ReadAllBytes(_folder["grid.png"]));
        Assert.Equal(0, sampler.Run(_folder.Path, Conditional, "--out", "one.png").Code);
        Assert.True(File.Exists(_folder["one.png"]));
    }

    [PeerFact(Linker, "--version")]
    public void Mistakes_are_told_in_a_line()
    {
        File.WriteAllText(_folder["damaged.onnx"], "no model");
        File.WriteAllText(_folder["file"], "");
        Told(2, "There is no file 'none.onnx'", "none.onnx");
        Told(2, "damaged.onnx", "damaged.onnx");
        Told(2, "There is no label 'owl'; there are: class, bright", Conditional, "--label", "owl");
        Told(2, "is one file, for 3 pictures", Conditional, "--count", "3", "--out", "a.png");
        Told(1, "file", Conditional, "--out", "file/below");
        Assert.Contains("--count must be from 1 to 10000", sampler.Run(_folder.Path, Conditional, "--count", "0").Error,
            StringComparison.Ordinal);
        Assert.Contains("gan-sample <MODEL.onnx>", sampler.Run(_folder.Path, "--help").Output, StringComparison.Ordinal);

        void Told(int expected, string why, params string[] arguments)
        {
            var (code, _, error) = sampler.Run(_folder.Path, arguments);
            Assert.True(code == expected, $"{code}: {error}");
            Assert.Contains(why, error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
    }
}
