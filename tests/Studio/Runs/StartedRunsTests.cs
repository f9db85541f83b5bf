using GanPipeline.Pipelines;

namespace GanPipeline.Studio.Tests;

/// <summary>Processes of runs, with a program that takes gan's place: it says a line, and works until it is asked to end.</summary>
public sealed class StartedRunsTests : IDisposable
{
    private const string Script = """
        #!/bin/sh
        case $1 in
          fail) i=0; while [ $i -lt 30 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 2 ;;
          silent) exit 3 ;;
          done) echo all; exit 0 ;;
        esac
        trap 'echo "Stopped." >&2; touch "$2"; exit 1' TERM
        echo begun
        while :; do sleep 0.05; done
        """;

    private readonly TemporaryFolder _folder = new();

    public StartedRunsTests()
    {
        File.WriteAllText(_folder["gan"], Script);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["gan"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(StartedRun run, RunPhase phase)
    {
        // Only for what comes: a failure takes a minute.
        for (var i = 0; i < 3000 && run.Phase != phase; i++) await Task.Delay(20);
        Assert.Equal(phase, run.Phase);
    }

    [PeerFact("sh", "-c", "true")]
    public async Task A_run_is_stopped_once_and_ends_by_itself()
    {
        await using var runs = new StartedRuns(_folder["gan"]);
        var run = runs.Start("a", ["run", _folder["checkpoint"]]);
        await UntilAsync(run, RunPhase.Running);
        Assert.True(run.IsAlive);
        run.Stop();
        run.Stop();
        await run.Ended;
        Assert.Equal(RunPhase.Stopped, run.Phase);
        Assert.True(File.Exists(_folder["checkpoint"]));
        Assert.NotNull(run.EndTime);
        // What it said about that is no error.
        Assert.Empty(run.Errors);
        await UntilAsync(runs.Start("a", ["done"]), RunPhase.Done);
    }

    [PeerFact("sh", "-c", "true")]
    public async Task A_run_that_fails_says_why()
    {
        await using var runs = new StartedRuns(_folder["gan"]);
        var run = runs.Start("a", ["fail"]);
        await run.Ended;
        Assert.Equal(RunPhase.Failed, run.Phase);
        Assert.Equal((20, "line 29"), (run.Errors.Count, run.Errors[^1]));
        Assert.Equal(["a"], runs.Names);
        var silent = runs.Start("a", ["silent"]);
        await silent.Ended;
        Assert.Equal("gan ended with exit code 3.", Assert.Single(silent.Errors));
        // It is seen, though it left no folder.
        var facts = Assert.Single(new RunCatalog(_folder["runs"], runs).List());
        Assert.Equal(("a", RunPhase.Failed, false), (facts.Name, facts.Phase, facts.IsActive));
    }

    [PeerFact("sh", "-c", "true")]
    public async Task There_are_two_at_once_and_one_of_a_name_and_all_end_with_the_studio()
    {
        await using var runs = new StartedRuns(_folder["gan"]);
        var first = runs.Start("a", ["run", _folder["a"]]);
        await UntilAsync(first, RunPhase.Running);
        Assert.Contains("a is running already", Assert.Throws<WorkException>(() => runs.Start("a", ["run", _folder["a"]])).Message,
            StringComparison.Ordinal);
        var second = runs.Start("b", ["run", _folder["b"]]);
        await UntilAsync(second, RunPhase.Running);
        Assert.Contains("at most 2 at once, and a and b are going on",
            Assert.Throws<WorkException>(() => runs.Start("c", ["run", _folder["c"]])).Message, StringComparison.Ordinal);
        first.Stop();
        await first.Ended;
        await UntilAsync(runs.Start("c", ["run", _folder["c"]]), RunPhase.Running);

        await runs.DisposeAsync();
        Assert.False(second.IsAlive);
        Assert.True(File.Exists(_folder["b"]) && File.Exists(_folder["c"]));
        Assert.Throws<WorkException>(() => runs.Start("d", ["done"]));
    }

    [Fact]
    public void Without_the_program_it_is_told_what_is_missing()
    {
        Assert.Contains("--gan", new StartedRuns(null).Problem, StringComparison.Ordinal);
        var runs = new StartedRuns(_folder["none"]);
        Assert.Contains(_folder["none"], Assert.Throws<WorkException>(() => runs.Start("a", [])).Message, StringComparison.Ordinal);
        // It is no program.
        Assert.Contains("cannot be started",
            Assert.Throws<WorkException>(() => new StartedRuns(Path.Combine(Repository.Root, "LICENSE")).Start("a", [])).Message,
            StringComparison.Ordinal);
    }
}
