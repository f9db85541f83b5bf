using GanPipeline.Training;

namespace GanPipeline.Pipelines.Tests;

/// <summary>docs/diagnosis.md says of each condition what the program says.</summary>
public class DiagnosisDocumentTests
{
    private const string Update = "GAN_UPDATE_DOCS", Begin = "| condition | remedies |\n|---|---|\n";

    [Fact]
    public void The_remedies_are_the_program_s()
    {
        var file = Path.Combine(Repository.Root, "docs", "diagnosis.md");
        var text = System.IO.File.ReadAllText(file).ReplaceLineEndings("\n");
        var begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf("\n\n", begin, StringComparison.Ordinal);
        var rows = string.Join("\n", Enum.GetValues<TrainingCondition>().Select(condition =>
            $"| {condition.Name()} | {string.Join("; ", condition.Remedies())} |"));
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 })
            System.IO.File.WriteAllText(file, text[..begin] + rows + text[end..]);
        else Assert.True(rows == text[begin..end], $"docs/diagnosis.md is not current: run this test with {Update}=1, which writes it.");
        // The signs' table has them all as well.
        Assert.All(Enum.GetValues<TrainingCondition>(), condition => Assert.Contains($"\n| {condition.Name()} | ", text[..begin],
            StringComparison.Ordinal));
    }
}
