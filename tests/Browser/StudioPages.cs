using GanPipeline.Studio;
using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The studio's pages, served by this process.</summary>
public sealed class StudioPages : IAsyncLifetime, IAsyncDisposable
{
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

    public async Task InitializeAsync()
    {
        if (!Peers.Answers("chromium", "--version")) return;
        _studio = StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, null));
        await _studio.StartAsync();
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        if (_studio is not null) await _studio.DisposeAsync();
    }
}
