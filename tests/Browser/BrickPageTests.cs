using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The page of bricks.</summary>
public sealed class BrickPageTests(StudioPages studio) : IClassFixture<StudioPages>
{
    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task The_renderer_and_a_generator_show_what_is_described(int width, string scheme)
    {
        List<string> complaints = [];
        var page = await studio.OpenAsync("/bricks/", width, scheme, opened => PageChecks.Listen(opened, complaints));
        var (render, generated) = (page.Locator("#render"), page.Locator("#generated"));
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("class=brick 2x4");
        var renders = new List<long> { await PageChecks.PixelsAsync(render) };
        var pictures = new List<long> { await PageChecks.PixelsAsync(generated) };

        await page.GetByRole(AriaRole.Combobox, new() { Name = "Kind" }).SelectOptionAsync("plate 2x2");
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("class=plate 2x2");
        renders.Add(await PageChecks.PixelsAsync(render));
        pictures.Add(await PageChecks.PixelsAsync(generated));
        await PageChecks.LookAsync(page, $"bricks-{width}");

        // What the generator is not told changes the render alone.
        foreach (var (slider, value) in new[] { ("Turn", "60"), ("Height of the view", "50"), ("Light from", "50"), ("Background", "0.5") })
        {
            var before = await render.GetAttributeAsync("src");
            await page.GetByRole(AriaRole.Slider, new() { Name = slider }).FillAsync(value);
            await Assertions.Expect(render).Not.ToHaveAttributeAsync("src", before!);
            renders.Add(await PageChecks.PixelsAsync(render));
        }
        Assert.Equal(pictures[^1], await PageChecks.PixelsAsync(generated));
        var shown = await generated.GetAttributeAsync("src");
        await page.GetByRole(AriaRole.Button, new() { Name = "Another seed" }).ClickAsync();
        await Assertions.Expect(generated).Not.ToHaveAttributeAsync("src", shown!);
        pictures.Add(await PageChecks.PixelsAsync(generated));
        Assert.Equal(renders.Count, renders.Distinct().Count());
        Assert.Equal(pictures.Count, pictures.Distinct().Count());

        // A kind that it never learned is told, and the render is there.
        complaints.Clear();
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Kind" }).SelectOptionAsync("brick 1x8");
        await Assertions.Expect(page.Locator("#problem")).ToContainTextAsync("There is no class 'brick 1x8'");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.HasNoSeriousFaultAsync(page);
        // The browser notes the answer 400 by itself.
        Assert.All(complaints, complaint => Assert.Contains("400", complaint, StringComparison.Ordinal));
        await page.CloseAsync();
    }
}
