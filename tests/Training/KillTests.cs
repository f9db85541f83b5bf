using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace GanPipeline.Training.Tests;

/// <summary>A training process is killed at random moments, and its end is compared with that of one that was left alone.</summary>
public class KillTests(ITestOutputHelper output)
{
    private const long Steps = 400;

    [Fact]
    public void Killed_training_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        RunToEnd(folder["quiet"]);

        var random = new Random(Environment.TickCount);
        var kills = 0;
        for (var attempt = 0; attempt < 6; attempt++)
        {
            using var process = Start(folder["killed"]);
            var line = process.StandardOutput.ReadLine();
            Assert.StartsWith("started", line, StringComparison.Ordinal);
            var wait = random.Next(20, 700);
            if (!process.WaitForExit(wait)) kills++;
            process.Kill();
            process.WaitForExit();
            output.WriteLine($"{line}, killed after {wait} ms");
        }
        RunToEnd(folder["killed"]);

        Assert.True(kills > 0, "No process was still training when its time to be killed came.");
        foreach (var file in new[] { "checkpoints/step-0000000400/weights.safetensors", "samples/step-0000000400.png", "evolution.gif" })
            Assert.Equal(File.ReadAllBytes(folder["quiet/" + file]), File.ReadAllBytes(folder["killed/" + file]));
        Assert.Equal(Losses(folder["quiet"]), Losses(folder["killed"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["killed/checkpoints"], ".*"));
    }

    /// <summary>The metrics but for what depends on the time.</summary>
    private static string[] Losses(string folder) =>
        [.. File.ReadLines(Path.Combine(folder, "metrics.jsonl")).Select(line => string.Join(',', line.Split(',').Where(part => !part.Contains("econd", StringComparison.Ordinal))))];

    private void RunToEnd(string folder)
    {
        using var process = Start(folder);
        var all = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.WriteLine(all + errors);
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(string folder) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(TrainingProcess).Assembly.Location, folder, Steps.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
