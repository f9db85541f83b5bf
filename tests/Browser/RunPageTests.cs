using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The pages of runs, while a training goes on and after it.</summary>
public sealed class RunPageTests(StudioPages studio) : IClassFixture<StudioPages>
{
    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task A_run_is_followed_from_the_list_to_its_report(int width, string scheme)
    {
        List<string> complaints = [];
        var page = await studio.OpenAsync("/runs", width, scheme, opened => PageChecks.Listen(opened, complaints));
        // The list is open before there is a run.
        var name = $"tiny-{width}";
        var training = studio.Train("--out", $"runs/{name}");
        await page.GetByRole(AriaRole.Link, new() { Name = name }).ClickAsync();
        await Assertions.Expect(page.Locator("#name")).ToHaveTextAsync(name);
        await Assertions.Expect(page.Locator("#sample")).ToBeVisibleAsync();
        var outcome = await training;
        Assert.True(outcome.Code == 0, outcome.ToString());
        await Assertions.Expect(page.Locator("#facts")).ToContainTextAsync("step 8 / 8");
        // It followed to the last grid.
        await Assertions.Expect(page.Locator("#shown")).ToHaveTextAsync("8");
        var last = await page.Locator("#sample").GetAttributeAsync("src");
        await page.Locator("#step").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(page.Locator("#shown")).ToHaveTextAsync("0");
        Assert.NotEqual(last, await page.Locator("#sample").GetAttributeAsync("src"));
        var shown = "async image => { await image.decode(); return image.naturalWidth; }";
        Assert.True(await page.Locator("#sample").EvaluateAsync<int>(shown) > 32);
        Assert.Equal(2, await page.Locator("#losses .scatterlayer path.js-line").CountAsync());
        await Assertions.Expect(page.Locator("#metric")).ToBeVisibleAsync();
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.HasNoSeriousFaultAsync(page);
        await PageChecks.LookAsync(page, $"run-{width}");
        await page.GetByRole(AriaRole.Link, new() { Name = "All runs" }).ClickAsync();
        await Assertions.Expect(page.Locator("#runs img").First).ToBeVisibleAsync();
        await PageChecks.LookAsync(page, $"runs-{width}");
        await page.GoBackAsync();

        // The report's own script runs, and reaches nothing of the studio.
        await page.GetByRole(AriaRole.Link, new() { Name = "The report" }).ClickAsync();
        await page.Locator("#step").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(page.Locator("output")).ToHaveTextAsync("0");
        Assert.Equal("null", await page.EvaluateAsync<string>("origin"));
        Assert.Empty(complaints);
        await page.CloseAsync();
    }
}
