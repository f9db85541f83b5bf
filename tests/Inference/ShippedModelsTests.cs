namespace GanPipeline.Inference.Tests;

/// <summary>The generators under models/, which work right after a clone.</summary>
public class ShippedModelsTests
{
    public static TheoryData<string> Names =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "models"), "generator*.onnx", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Path.Combine(Repository.Root, "models"), path).Replace('\\', '/')).Order(),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_generator_makes_pictures_and_has_a_card_and_a_sample(string name)
    {
        var path = Path.Combine(Repository.Root, "models", name);
        Assert.InRange(new FileInfo(path).Length, 1, 5_000_000);
        using var generator = GeneratorModel.Load(path);
        var images = generator.Sample(3, seed: 7);

        Assert.Equal(3, images.Count);
        // Pictures, not a gray or noise: values over most of the range.
        Assert.True(images.Values.Max() > 0.5f && images.Values.Min() < -0.3f);
        var folder = Path.GetDirectoryName(path)!;
        Assert.Contains($"# {Path.GetFileName(folder)}", File.ReadAllText(Path.Combine(folder, "README.md")));
        Assert.True(File.Exists(Path.Combine(folder, "sample.png")));
    }
}
