using System.Diagnostics;
using Xunit.Abstractions;

namespace GanPipeline.Training.Tests;

/// <summary>A training process is killed at random moments, and its end is compared with that of one that was left alone.</summary>
public class KillTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(null, 200, 6)]
    [InlineData(Remedies.AllWithR1, 120, 4)]
    [InlineData(Remedies.AllWithPenalty, 120, 4)]
    public void Killed_training_ends_in_the_same_bits(string? remedy, long steps, int kills)
    {
        using var folder = new TemporaryFolder();
        RunToEnd(folder["quiet"]);

        var random = new Random(Environment.TickCount);
        for (var attempt = 0; attempt < kills; attempt++)
        {
            using var process = Process.Start(TrainingProcess.Start(folder["killed"], steps, remedy))!;
            var heard = new List<string?>();
            for (var lines = random.Next(1, 6); lines > 0; lines--) heard.Add(process.StandardOutput.ReadLine());
            var wait = random.Next(0, 50);
            Thread.Sleep(wait);
            Assert.False(process.HasExited);
            process.Kill();
            process.WaitForExit();
            output.WriteLine($"{string.Join(", ", heard)}, killed after {wait} ms");
        }
        RunToEnd(folder["killed"]);

        string[] files =
            [$"checkpoints/step-{steps:D10}/weights.safetensors", $"samples/step-{steps:D10}.png", "evolution.gif", .. Best("quiet")];
        Assert.Equal(Best("quiet"), Best("killed"));
        Assert.Equal(remedy is not null, Best("quiet").Length > 0);
        foreach (var file in files) Assert.Equal(File.ReadAllBytes(folder["quiet/" + file]), File.ReadAllBytes(folder["killed/" + file]));
        Assert.Equal(Losses(folder["quiet"]), Losses(folder["killed"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["killed/checkpoints"], ".*"));

        string[] Best(string run) => Directory.Exists(folder[run + "/best"])
            ? [.. Directory.GetFiles(folder[run + "/best"], "*.safetensors", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder[run], path))]
            : [];

        void RunToEnd(string run)
        {
            using var process = Process.Start(TrainingProcess.Start(run, steps, remedy))!;
            output.WriteLine(process.StandardOutput.ReadLine());
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    /// <summary>The metrics but for what depends on the time.</summary>
    private static string[] Losses(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl"))
            .Select(line => string.Join(',', line.Split(',').Where(part => !part.Contains("econd", StringComparison.Ordinal))))];
}
