using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The page for the public, as a visitor sees it.</summary>
public sealed partial class PublicPageTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly ChromiumBrowser _browser = new();
    private Process? _server;
    private string _address = "";

    public async Task InitializeAsync()
    {
        if (!Peers.Answers("chromium", "--version")) return;
        var model = Path.Combine(Repository.Root, "models", "mnist-cgan");
        _server = Process.Start(new ProcessStartInfo("dotnet", [StudioPages.Program, "--page", model, "--port", "0"])
        {
            RedirectStandardOutput = true,
        })!;
        _address = Address().Match(await _server.StandardOutput.ReadLineAsync() ?? "").Value;
        Assert.NotEqual("", _address);
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _server?.Kill();
        _server?.Dispose();
    }

    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task A_visitor_sees_another_picture_each_time_and_can_ask_for_a_label(int width, string scheme)
    {
        List<string> complaints = [];
        var page = await _browser.OpenAsync(_address, width, scheme, opened => PageChecks.Listen(opened, complaints));
        var picture = page.Locator("img");
        var seen = new List<long> { await PageChecks.PixelsAsync(picture) };
        for (var i = 0; i < 3; i++)
        {
            await page.ReloadAsync();
            seen.Add(await PageChecks.PixelsAsync(picture));
        }
        Assert.True(seen.Distinct().Count() > 2);
        await page.GetByLabel("class").SelectOptionAsync("7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Another picture" }).ClickAsync();
        await Assertions.Expect(page.GetByText(Caption())).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("class")).ToHaveValueAsync("7");
        var shown = await PageChecks.PixelsAsync(picture);
        await PageChecks.LookAsync(page, $"public-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Link to this picture" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("picture=\\d+&label0=7$"));
        Assert.Equal(shown, await PageChecks.PixelsAsync(picture));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.HasNoSeriousFaultAsync(await _browser.OpenAsync(page.Url, width, scheme, bypassesPolicy: true));
        Assert.Empty(complaints);
    }

    [GeneratedRegex("^Picture \\d+: 7$")]
    private static partial Regex Caption();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
