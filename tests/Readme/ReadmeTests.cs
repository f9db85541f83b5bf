namespace GanPipeline.Readme.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_programs_text_runs_as_it_stands()
    {
        using var folder = new TemporaryFolder();
        foreach (var model in (string[])["generator.onnx", "features.onnx"])
            File.Copy(Path.Combine(Repository.Root, "tests", "ML", "models", model), folder[model]);
        folder.RunInside(ReadmeProgram.Run);
        Assert.True(File.Exists(folder["grid.png"]));
        folder.RunInside(() => Program2.ReadmeProgram.Run([]));
    }

    /// <summary>Files and folders that the README links to are there.</summary>
    [Fact]
    public void Its_links_lead_somewhere()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var links = System.Text.RegularExpressions.Regex.Matches(text, @"\]\(([^)#:]+)\)").Select(m =>
            m.Groups[1].Value).Distinct().ToArray();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Repository.Root, link)), link));
    }
}
