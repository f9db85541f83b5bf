namespace GanPipeline.Cli.Tests;

/// <summary>The trained generators of models/, by their folders' names.</summary>
public sealed class ModelsTests : IDisposable
{
    private const long MostBytes = 5_000_000;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Generators =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "models"), "generator.onnx", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal),
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Generators))]
    public void A_generator_makes_pictures_right_after_a_clone(string name)
    {
        var model = Path.Combine(Repository.Root, "models", name);
        var made = InProcess.Gan("generate", model, "--count", "12", "--out", _folder["pictures"]);
        Assert.True(made.Code == 0, made.ToString());
        Assert.Equal(12, Directory.GetFiles(_folder["pictures"], "*.png").Length);
        // No two are the same.
        var files = Directory.GetFiles(_folder["pictures"], "*.png").Select(File.ReadAllBytes).ToArray();
        Assert.Equal(12, files.Select(Convert.ToHexString).Distinct().Count());
        Assert.InRange(new FileInfo(Path.Combine(model, "generator.onnx")).Length, 1, MostBytes);
        Assert.True(File.Exists(Path.Combine(model, "sample.png")));
        Assert.Contains("sample.png", File.ReadAllText(Path.Combine(model, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_generator_is_told()
    {
        var made = InProcess.Gan("generate", _folder.Path);
        Assert.Equal(2, made.Code);
        Assert.Contains("is a folder without generator.onnx", made.Error, StringComparison.Ordinal);
    }
}
