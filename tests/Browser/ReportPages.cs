using GanPipeline.Cli.Tests;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>A browser, and the pages that two small runs leave, made when the first test asks for them.</summary>
public sealed class ReportPages : IAsyncLifetime, IDisposable
{
    private static string Yaml => $$"""
        pipelines:
          tiny:
            description: A test
            data: { kind: bricks, size: 32, count: 160, classes: [brick 1x1, brick 2x4, plate 2x2] }
            architecture: { name: dcgan, filters: 4, latent-size: 8, condition: [class] }
            train: { steps: 8, batch-size: 8, log-every: 1, sample-every: 2, sample-count: 12, evaluate-every: 4, device: cpu, threads: 1 }
            export: { int8: true, calibration: 16 }
            sample: { count: 3, grid: 12, batch-size: 4 }
            evaluate: { samples: 160, copies: 120, classifier: '{{Path.Combine(Repository.Root, "models", "bricks-classifier")}}' }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<bool> _isMade;
    private readonly ChromiumBrowser _browser = new();

    public ReportPages() => _isMade = new(Make);

    /// <summary>Opens a page in a window of its own.</summary>
    /// <param name="name">report or compare.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    /// <param name="prepare">Is called before the page loads.</param>
    public async Task<IPage> OpenAsync(string name, int width, string scheme, Action<IPage>? prepare = null)
    {
        Assert.True(_isMade.Value);
        var file = _folder[name == "report" ? "runs/tiny/report.html" : "compare.html"];
        return await _browser.OpenAsync(new Uri(file).AbsoluteUri, width, scheme, prepare);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _browser.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    private bool Make()
    {
        File.WriteAllText(_folder["pipelines.yaml"], Yaml);
        Gan("run", "tiny");
        Gan("run", "tiny", "--set", "train.seed=1", "--out", "runs/other");
        Gan("compare", "tiny", "runs/other");
        return true;
    }

    private void Gan(params string[] args)
    {
        var outcome = GanProgram.Run(_folder.Path, args);
        Assert.True(outcome.Code == 0, outcome.ToString());
    }
}
