using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace GanPipeline.Training.Tests;

/// <summary>A training process is killed at random moments, and its end is compared with that of one that was left alone.</summary>
public class KillTests(ITestOutputHelper output)
{
    private const long Steps = 200;

    [Fact]
    public void Killed_training_ends_in_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        RunToEnd(folder["quiet"]);

        var random = new Random(Environment.TickCount);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            using var process = Start(folder["killed"]);
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

        foreach (var file in new[] { "checkpoints/step-0000000200/weights.safetensors", "samples/step-0000000200.png", "evolution.gif" })
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
        output.WriteLine(process.StandardOutput.ReadLine());
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static Process Start(string folder) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        [typeof(TrainingProcess).Assembly.Location, folder, Steps.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    })!;
}
