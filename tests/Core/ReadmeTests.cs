namespace GanPipeline.Core.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands() => ReadmeProgram.Run();
}
