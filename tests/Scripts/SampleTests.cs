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

    private static Outcome Sample(TemporaryFolder folder, string name, params string[] arguments) => Script.Run(Script.Dotnet,
        [Path.Combine(Repository.Root, "artifacts", "bin", name, "release", name + ".dll"), .. arguments], folder.Path);
}
