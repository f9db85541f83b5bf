namespace GanPipeline.Data.Tests;

/// <summary>Alone, because the program's current folder is the whole process's.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        folder.RunInside(ReadmeProgram.Run);
        Assert.Equal(500, Directory.GetFiles(folder["bricks/train"], "*.png", SearchOption.AllDirectories).Length);
        Assert.Equal(501, File.ReadLines(folder["bricks/attributes.csv"]).Count());
    }

    [Fact]
    public void The_captions_text_runs_as_it_stands() => Program2.ReadmeProgram.Run([]);

    [Fact]
    public void The_class_maps_text_runs_as_it_stands() => Program3.ReadmeProgram.Run([]);
}
