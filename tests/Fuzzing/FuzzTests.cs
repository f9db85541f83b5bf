namespace GanPipeline.Fuzzing;

/// <summary>
/// The first inputs of every format, always the same ones: the valid files, those that the product once failed on, and mutations. The
/// long run is the same program: <c>dotnet run --project tests/Fuzzing -- run 10</c> takes ten minutes a format.
/// </summary>
public sealed class FuzzTests
{
    private const int Executions = 300;

    // What libtorch and ONNX Runtime take by themselves, and half a gigabyte for an input of a few thousand bytes.
    private const long MostBytes = 1_000_000_000;

    public static TheoryData<string> Targets => [.. FuzzProgram.Targets.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Hostile_input_is_read_or_answered(string target)
    {
        var report = FuzzRun.Run(FuzzProgram.Target(target), Executions, TimeSpan.MaxValue, firstSeed: 0);
        Assert.True(report.IsClean, report.ToString());
        Assert.Equal(Executions, report.Executions);
        Assert.True(report.PeakBytes < MostBytes, report.ToString());
    }

    [Fact]
    public void A_process_that_ends_and_an_exception_without_an_answer_are_found()
    {
        var report = FuzzRun.Run(new BrokenTarget(), 6, TimeSpan.MaxValue, firstSeed: 0);
        Assert.Equal(6, report.Executions);
        Assert.Equal([2L], report.Crashes);
        Assert.Equal(["4 InvalidOperationException: No answer."], report.Faults);
    }
}
