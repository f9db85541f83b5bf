using System.Diagnostics;
using System.Text.RegularExpressions;
using GanPipeline.Cli.Tests;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The studio as a user starts it, its pages, and runs that it shows.</summary>
public sealed partial class StudioPages : IAsyncLifetime, IAsyncDisposable
{
    private static string Yaml => $$"""
        pipelines:
          tiny:
            description: A test
            data: { kind: bricks, size: 32, count: 160, classes: [brick 1x1, brick 2x4, plate 2x2] }
            architecture: { name: dcgan, filters: 4, latent-size: 8 }
            train: { steps: 8, batch-size: 8, log-every: 1, sample-every: 2, sample-count: 12, evaluate-every: 4, device: cpu, threads: 1 }
            sample: { count: 3, grid: 12 }
            presets: { longer: { train: { steps: 12 } } }
            evaluate: { samples: 160, copies: 0, classifier: '{{Path.Combine(Repository.Root, "models", "bricks-classifier")}}' }
        """;

    // Of the same configuration as this program.
    private static readonly string _configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    private readonly TemporaryFolder _folder = new();
    private readonly ChromiumBrowser _browser = new();
    private Process? _studio;
    private string? _address;

    /// <summary>The studio's program.</summary>
    internal static string Program { get; } = Path.Combine(
        Repository.Root, "artifacts", "bin", "GanPipeline.Studio", _configuration, "GanPipeline.Studio.dll");

    /// <summary>Opens a page in a window of its own; one that trains has shown its first frame.</summary>
    /// <param name="path">As in <c>/lab#data=line</c>.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    /// <param name="prepare">Is called before the page loads.</param>
    public async Task<IPage> OpenAsync(string path, int width = 1280, string scheme = "light", Action<IPage>? prepare = null)
    {
        var page = await _browser.OpenAsync(_address + path, width, scheme, prepare);
        if (path.StartsWith("/lab", StringComparison.Ordinal))
            await Assertions.Expect(page.Locator("#kl")).Not.ToHaveTextAsync("-");
        return page;
    }

    /// <summary>Trains a small run, which the studio shows.</summary>
    internal Task<Outcome> Train(params string[] args) =>
        Task.Run(() => GanProgram.Run(_folder.Path, ["run", "tiny", .. args]));

    /// <summary>A file of the studio's current folder, in which the runs lie under runs.</summary>
    public string this[string relative] => _folder[relative];

    public async Task InitializeAsync()
    {
        if (!Peers.Answers("chromium", "--version")) return;
        File.WriteAllText(_folder["pipelines.yaml"], Yaml);
        var start = new ProcessStartInfo("dotnet", [Program, "--port", "0", "--models", Path.Combine(Repository.Root, "models")])
        {
            WorkingDirectory = _folder.Path, RedirectStandardOutput = true,
        };
        start.Environment["GAN_ROOT"] = Repository.Root;
        start.Environment["GAN_PROGRAM"] = Repository.Gan;
        _studio = Process.Start(start)!;
        var line = await _studio.StandardOutput.ReadLineAsync();
        _address = Address().Match(line ?? "").Value;
        Assert.True(_address.Length > 0, $"The studio said: {line}");
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        // With the runs that it has started.
        _studio?.Kill(entireProcessTree: true);
        _studio?.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
