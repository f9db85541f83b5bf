namespace GanPipeline.Evaluation.Tests;

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
        File.Copy(TestModels.Generator, folder["generator.onnx"]);
        File.Copy(TestModels.Features, folder["classifier.onnx"]);
        folder.RunInside(ReadmeProgram.Run);
    }
}
