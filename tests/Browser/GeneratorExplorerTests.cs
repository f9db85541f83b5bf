using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The list of models, and the latent explorer.</summary>
public sealed class GeneratorExplorerTests(StudioPages studio) : IClassFixture<StudioPages>
{
    private readonly List<string> _complaints = [];

    private async Task<IPage> OpenAsync(string path, int width = 1280, string scheme = "light")
    {
        var page = await studio.OpenAsync(path, width, scheme, opened => PageChecks.Listen(opened, _complaints));
        if (path.Contains("/generator", StringComparison.Ordinal))
            await Assertions.Expect(page.Locator("#command")).ToContainTextAsync("./gan ");
        return page;
    }

    private static Task<long> PixelsAsync(IPage page) => PageChecks.PixelsAsync(page.Locator("#picture"));

    private static ILocator Slider(IPage page, string name) => page.GetByRole(AriaRole.Slider, new() { Name = name, Exact = true });

    /// <summary>Does something, and waits until the picture that the caption then names is there.</summary>
    private static async Task<long> AfterAsync(IPage page, Func<Task> act, string caption)
    {
        await act();
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync(caption);
        return await PixelsAsync(page);
    }

    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task Every_control_changes_the_picture_and_the_address_keeps_it(int width, string scheme)
    {
        var page = await OpenAsync("/models", width, scheme);
        await Assertions.Expect(page.Locator("#models li")).Not.ToHaveCountAsync(0);
        await PageChecks.HasNoSeriousFaultAsync(page);
        await PageChecks.LookAsync(page, $"models-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "mnist-cgan" }).ClickAsync();
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("Seed 0 · 0");
        var seen = new List<long> { await PixelsAsync(page) };

        seen.Add(await AfterAsync(page, () => page.GetByLabel("Seed", new() { Exact = true }).FillAsync("5"), "Seed 5 · 0"));
        var label = page.GetByRole(AriaRole.Combobox, new() { Name = "class", Exact = true });
        seen.Add(await AfterAsync(page, () => label.SelectOptionAsync("7"), "Seed 5 · 7"));
        seen.Add(await AfterAsync(page, () => page.GetByLabel("Index").FillAsync("3"), "Seed 5 · index 3 · 7"));
        await Assertions.Expect(page.Locator("#command")).ToHaveTextAsync(
            new Regex("^\\./gan generate .*mnist-cgan --seed 5 --first 3 --count 1 --label 7$"));
        seen.Add(await AfterAsync(page, () => page.GetByLabel("Truncation").FillAsync("0.5"), "Seed 5 · index 3 · 7 · truncation 0.5"));
        await page.GetByText("Values of the latent").ClickAsync();
        seen.Add(await AfterAsync(page, () => Slider(page, "value 4").FillAsync("3"),
            "Seed 5 · index 3 · 7 · truncation 0.5 · moved: 1"));
        await Assertions.Expect(page.Locator("#needs-latent")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#code")).ToContainTextAsync("latent[4] += 3f;");
        Assert.Equal(seen.Count, seen.Distinct().Count());
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("move=4%3A3"));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.HasNoSeriousFaultAsync(page);
        await PageChecks.LookAsync(page, $"explorer-{width}");

        // The address shows the same again.
        var again = await OpenAsync(new Uri(page.Url).PathAndQuery + new Uri(page.Url).Fragment, width, scheme);
        await Assertions.Expect(again.Locator("#caption")).ToHaveTextAsync("Seed 5 · index 3 · 7 · truncation 0.5 · moved: 1");
        Assert.Equal(seen[^1], await PixelsAsync(again));
        await Assertions.Expect(Slider(again, "value 4")).ToHaveValueAsync("3");
        await again.CloseAsync();

        // A picture of the strip is chosen, unmoved again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to seed 0" }).ClickAsync();
        await page.Locator("#strip button").Nth(9).ClickAsync();
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("Seed 9 · 7");
        await Assertions.Expect(page.Locator("#strip button").Nth(9)).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Empty(_complaints);
        await page.CloseAsync();
    }

    [PeerFact("chromium", "--version")]
    public async Task The_square_leads_from_corner_to_corner_and_the_walk_walks()
    {
        var page = await OpenAsync("/models/bricks-dcgan/generator/");
        await page.GetByLabel("between four").CheckAsync();
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("Between seeds 0, 1, 2, 3");
        var middle = await PixelsAsync(page);
        var pad = (await page.Locator("#pad").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(pad.X + pad.Width / 2, pad.Y + pad.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(pad.X + pad.Width - 1, pad.Y + 1, new() { Steps = 6 });
        await page.Mouse.UpAsync();
        // The corner's own picture, within a step of the slider.
        await page.GetByLabel("Left to right").FillAsync("1");
        await page.GetByLabel("Top to bottom").FillAsync("0");
        await Assertions.Expect(page.Locator("#code")).ToContainTextAsync("corners[1], 1)");
        var corner = await PixelsAsync(page);
        Assert.NotEqual(middle, corner);
        await PageChecks.LookAsync(page, "explorer-corners");

        await page.GetByLabel("of a walk").CheckAsync();
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("Walk of seed 0, frame 1 of 125");
        await page.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await Assertions.Expect(page.Locator("#caption")).ToContainTextAsync("frame 8");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.Locator("#command")).ToContainTextAsync("latent walk");
        Assert.Empty(_complaints);
        await page.CloseAsync();
    }

    [PeerFact("chromium", "--version")]
    public async Task Directions_are_found_and_their_sliders_change_the_picture()
    {
        var page = await OpenAsync("/models/quickstart/generator/");
        await Assertions.Expect(page.GetByLabel("Classifier that reads them")).ToHaveValueAsync(
            new Regex("bricks-classifier$"));
        var before = await PixelsAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Find directions" }).ClickAsync();
        var slider = Slider(page, "plate 2x2");
        await Assertions.Expect(slider).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await slider.FillAsync("3");
        await Assertions.Expect(page.Locator("#caption")).ToContainTextAsync("moved: 1");
        Assert.NotEqual(before, await PixelsAsync(page));
        await Assertions.Expect(page.Locator("#code")).ToContainTextAsync("Value: \"plate 2x2\" }).Move(latent, 3f)");
        await PageChecks.LookAsync(page, "explorer-directions");

        // They are kept: the address finds them at once.
        var again = await OpenAsync(new Uri(page.Url).AbsolutePath);
        await Assertions.Expect(Slider(again, "plate 2x2")).ToBeVisibleAsync();
        Assert.Empty(_complaints);
        await again.CloseAsync();
        await page.CloseAsync();
    }
}
