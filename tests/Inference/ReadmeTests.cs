namespace GanPipeline.Inference.Tests;

[Collection(Alone.Name)]
public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        File.Copy(TestModels.Generator, folder["generator.onnx"]);
        folder.RunInside(ReadmeProgram.Run);
        Assert.All(["grid.png", "17.png", "path.png"], name => Assert.True(File.Exists(folder[name]), name));
        Assert.Equal(1000, Directory.GetFiles(folder["samples"]).Length);
        Assert.True(File.Exists(folder["samples/000999.png"]));
    }
}
