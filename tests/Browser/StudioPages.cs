using GanPipeline.Cli.Tests;
using GanPipeline.Studio;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The studio's pages, served by this process.</summary>
public sealed class StudioPages : IAsyncLifetime, IAsyncDisposable
{
    private static string Yaml => $$"""
        pipelines:
          tiny:
            description: A test
            data: { kind: bricks, size: 32, count: 160, classes: [brick 1x1, brick 2x4, plate 2x2] }
            architecture: { name: dcgan, filters: 4, latent-size: 8 }
            train: { steps: 8, batch-size: 8, log-every: 1, sample-every: 2, sample-count: 12, evaluate-every: 2, device: cpu, threads: 1 }
            sample: { count: 3, grid: 12 }
            evaluate: { samples: 160, copies: 0, classifier: '{{Path.Combine(Repository.Root, "models", "bricks-classifier")}}' }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ChromiumBrowser _browser = new();
    private WebApplication? _studio;

    /// <summary>Opens a page in a window of its own; one that trains has shown its first frame.</summary>
    /// <param name="path">As in <c>/lab#data=line</c>.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    /// <param name="prepare">Is called before the page loads.</param>
    public async Task<IPage> OpenAsync(string path, int width = 1280, string scheme = "light", Action<IPage>? prepare = null)
    {
        var page = await _browser.OpenAsync(_studio!.Urls.First() + path, width, scheme, prepare);
        if (path.StartsWith("/lab", StringComparison.Ordinal))
            await Assertions.Expect(page.Locator("#kl")).Not.ToHaveTextAsync("-");
        return page;
    }

    /// <summary>Trains a small run anew, which the studio shows.</summary>
    internal Task<Outcome> Train() => Task.Run(() =>
    {
        File.WriteAllText(_folder["pipelines.yaml"], Yaml);
        return GanProgram.Run(_folder.Path, "run", "tiny", "--force");
    });

    public async Task InitializeAsync()
    {
        if (!Peers.Answers("chromium", "--version")) return;
        _studio = StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, null) with { Runs = _folder["runs"] });
        await _studio.StartAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_studio is not null) await _studio.DisposeAsync();
        _folder.Dispose();
    }
}
