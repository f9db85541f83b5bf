using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>Runs that are chosen in the list and looked at side by side.</summary>
public sealed class ComparePageTests(StudioPages studio) : IClassFixture<StudioPages>
{
    [PeerFact("chromium", "--version")]
    public async Task Runs_are_chosen_in_the_list_and_shown_side_by_side()
    {
        foreach (var seed in new[] { 0, 1 })
        {
            var outcome = await studio.Train(
                "--out", $"runs/seed-{seed}", "--set", $"train.seed={seed}", "--set", $"train.steps={8 + 4 * seed}");
            Assert.True(outcome.Code == 0, outcome.ToString());
        }
        List<string> complaints = [];
        var page = await studio.OpenAsync("/runs", prepare: opened => PageChecks.Listen(opened, complaints));
        var compare = page.GetByRole(AriaRole.Button, new() { Name = "Compare", Exact = true });
        await page.GetByLabel("compare: seed-0").CheckAsync();
        await Assertions.Expect(compare).ToBeDisabledAsync();
        await page.GetByLabel("compare: seed-1").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(compare).ToBeEnabledAsync();
        await PageChecks.LookAsync(page, "runs-chosen-1280-light");
        await PageChecks.HasNoSeriousFaultAsync(page);
        await compare.ClickAsync();
        await page.WaitForURLAsync("**/compare?runs=seed-0,seed-1");
        await Assertions.Expect(page.Locator("#differences")).ToContainTextAsync("train.seed");
        Assert.Equal(["train.steps", "train.seed"], await page.Locator("#differences tbody th").AllInnerTextsAsync());
        await Assertions.Expect(page.Locator("#metrics")).ToContainTextAsync("Frechet distance");
        await Assertions.Expect(page.Locator("#samples img")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator("#samples")).ToContainTextAsync("seed-1, step 12");
        foreach (var image in await page.Locator("#samples img").AllAsync())
            Assert.True(await image.EvaluateAsync<int>("async image => { await image.decode(); return image.naturalWidth; }") > 32);
        Assert.Equal(7, await page.Locator("#curves .curves").CountAsync());
        // Losses of both, each in its colour and with its dashes.
        var lines = page.Locator("#curves .curves").Nth(1).Locator(".scatterlayer path.js-line");
        await Assertions.Expect(lines).ToHaveCountAsync(2);
        Assert.NotEqual(await lines.Nth(0).GetAttributeAsync("style"), await lines.Nth(1).GetAttributeAsync("style"));
        Assert.Empty(complaints);
        await page.CloseAsync();

        (int Width, string Scheme, string Language)[] windows = [(1280, "light", "en"), (390, "dark", "es")];
        foreach (var (width, scheme, language) in windows)
        {
            page = await studio.OpenAsync($"/compare?runs=seed-1,seed-0&language={language}", width, scheme);
            await Assertions.Expect(page.Locator("#curves .js-line").First).ToBeVisibleAsync();
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            await PageChecks.LookAsync(page, $"compare-{width}-{scheme}");
            await PageChecks.HasNoSeriousFaultAsync(page);
            await page.CloseAsync();
        }
    }

    [PeerFact("chromium", "--version")]
    public async Task What_cannot_be_compared_is_told()
    {
        var page = await studio.OpenAsync("/compare?runs=none,nothing");
        await Assertions.Expect(page.Locator("#problem")).ToHaveTextAsync("There is no run \"none\".");
        await Assertions.Expect(page.Locator("#comparison")).ToBeHiddenAsync();
        await page.CloseAsync();
    }
}
