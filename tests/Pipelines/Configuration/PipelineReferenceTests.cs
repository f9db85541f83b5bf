namespace GanPipeline.Pipelines.Tests;

/// <summary>docs/pipelines.md says what the options' documentation says.</summary>
public sealed class PipelineReferenceTests
{
    /// <summary>Where it is set, the test writes the file in the place of comparing it.</summary>
    private const string Update = "GAN_UPDATE_DOCS";

    private static readonly string _file = Path.Combine(Repository.Root, "docs", "pipelines.md");

    [Fact]
    public void Docs_pipelines_md_is_current()
    {
        var expected = PipelineReference.Write();
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 }) System.IO.File.WriteAllText(_file, expected);
        var actual = System.IO.File.Exists(_file) ? System.IO.File.ReadAllText(_file).ReplaceLineEndings("\n") : "";
        Assert.True(expected == actual, $"docs/pipelines.md is not current. Run this test with the environment variable {Update}=1, " +
            $"which writes it, and commit the file.");
    }

    [Fact]
    public void Each_key_stands_once_in_its_section()
    {
        Assert.All(PipelineSections.All, section =>
        {
            var keys = section.Parts.SelectMany(part => part.Members.Select(member => member.Key)).ToArray();
            Assert.Equal(keys.Distinct(), keys);
        });
    }
}
