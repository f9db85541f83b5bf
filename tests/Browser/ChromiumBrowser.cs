using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>Debian's Chromium, started when the first page is opened.</summary>
internal sealed class ChromiumBrowser : IAsyncDisposable
{
    private readonly Lazy<Task<IPlaywright>> _playwright = new(Playwright.CreateAsync);
    private readonly Lazy<Task<IBrowser>> _browser;

    public ChromiumBrowser() => _browser = new(async () => await (await _playwright.Value).Chromium.LaunchAsync(new()
    {
        // In a container there is no room for Chromium's sandbox, and the pages are our own.
        ExecutablePath = Path(), Args = ["--no-sandbox"],
    }));

    /// <summary>Opens a page in a window of its own.</summary>
    /// <param name="address">Of the page.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="scheme">light or dark.</param>
    /// <param name="prepare">Is called before the page loads.</param>
    /// <param name="bypassesPolicy">Whether scripts run that the page's policy forbids: what checks accessibility is one.</param>
    public async Task<IPage> OpenAsync(
        string address, int width, string scheme, Action<IPage>? prepare = null, bool bypassesPolicy = false)
    {
        // On a machine that many tests share.
        Assertions.SetDefaultExpectTimeout(60_000);
        var page = await (await _browser.Value).NewPageAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            BypassCSP = bypassesPolicy,
        });
        prepare?.Invoke(page);
        await page.GotoAsync(address);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated) await (await _browser.Value).CloseAsync();
        if (_playwright.IsValueCreated) (await _playwright.Value).Dispose();
    }

    private static string Path() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Select(folder => System.IO.Path.Combine(folder, "chromium")).First(File.Exists);
}
