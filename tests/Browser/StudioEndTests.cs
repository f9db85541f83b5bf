using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GanPipeline.Browser.Tests;

/// <summary>What becomes of the runs that a studio has started when it ends itself.</summary>
public sealed partial class StudioEndTests : IDisposable
{
    private const string Yaml = """
        pipelines:
          tiny:
            data: { kind: bricks, size: 32, count: 64 }
            architecture: { name: dcgan, filters: 4, latent-size: 8 }
            train: { steps: 100000, batch-size: 8, log-every: 1, sample-every: 0, device: cpu, threads: 1, precision: float32 }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private string[] Checkpoints => Directory.Exists(_folder["runs/long/train/checkpoints"])
        ? Directory.GetDirectories(_folder["runs/long/train/checkpoints"], "step-*") : [];

    // Ctrl-C in a terminal reaches the runs too, to which the studio passes it on besides.
    [PeerTheory("setsid", "true")]
    [InlineData("kill -TERM $0")]
    [InlineData("kill -TERM -$0")]
    public async Task Its_runs_end_with_it_each_with_a_checkpoint(string end)
    {
        File.WriteAllText(_folder["pipelines.yaml"], Yaml);
        // In a process group of its own.
        var start = new ProcessStartInfo("setsid", ["dotnet", StudioPages.Program, "--port", "0"])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["GAN_PROGRAM"] = Repository.Gan;
        using var studio = Process.Start(start)!;
        try
        {
            var address = Address().Match(await studio.StandardOutput.ReadLineAsync() ?? "").Value;
            using var post = new HttpRequestMessage(HttpMethod.Post, $"{address}/runs/new")
            {
                Content = new StringContent("""{"pipeline":"tiny","name":"long"}""", Encoding.UTF8, "application/json"),
            };
            post.Headers.Add("Origin", address);
            using var started = await _client.SendAsync(post);
            Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
            while (await StepAsync(address) is null or < 3) await Task.Delay(100);
            Assert.Empty(Checkpoints);

            Assert.Equal(0, Peers.Run("sh", "-c", end, $"{studio.Id}").ExitCode);
            Assert.True(studio.WaitForExit(TimeSpan.FromMinutes(2)), "The studio did not end.");
            Assert.Equal(0, studio.ExitCode);
            // The run had ended before.
            var step = Assert.Single(Checkpoints)[^10..];
            var line = File.ReadLines(_folder["runs/long/train/metrics.jsonl"]).Last();
            Assert.Equal(JsonDocument.Parse(line).RootElement.GetProperty("step").GetInt64().ToString("D10"), step);
            Assert.Contains("Stopped after", File.ReadAllText(_folder["runs/long/run.log"]), StringComparison.Ordinal);
        }
        finally
        {
            if (!studio.HasExited) studio.Kill(entireProcessTree: true);
        }
    }

    private async Task<long?> StepAsync(string address)
    {
        using var state = JsonDocument.Parse(await _client.GetStringAsync(new Uri($"{address}/runs/long/state")));
        var facts = state.RootElement.GetProperty("facts");
        Assert.NotEqual("failed", facts.GetProperty("phase").GetString());
        return facts.GetProperty("step").ValueKind == JsonValueKind.Number ? facts.GetProperty("step").GetInt64() : null;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
