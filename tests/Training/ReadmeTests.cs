namespace GanPipeline.Training.Tests;

public class ReadmeTests
{
    [Fact]
    public void The_program_s_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            ReadmeProgram.Run();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
        Assert.True(File.Exists(folder["run/samples/step-0000000020.png"]));
    }
}
