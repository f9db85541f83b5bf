namespace GanPipeline.Training.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_program_s_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        folder.RunInside(ReadmeProgram.Run);
        Assert.True(File.Exists(folder["run/samples/step-0000000020.png"]));
    }
}
