namespace GanPipeline.Hosting.Tests;

[Collection("generators")]
public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(Repository.Root, "tests", "Inference", "models", "generator.onnx"), folder["generator.onnx"]);
        folder.RunInside(ReadmeProgram.Run);
    }
}
