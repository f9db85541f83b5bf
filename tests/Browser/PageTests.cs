using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>The report and the comparison as a browser shows them, on a desktop and on a phone, light and dark.</summary>
public sealed partial class PageTests(ReportPages pages) : IClassFixture<ReportPages>
{
    public static IEnumerable<object[]> Windows =>
        from name in new[] { "report", "compare" }
        // Each width and each scheme once: what depends on the one does not depend on the other.
        from window in new[] { (Width: 1280, Scheme: "light"), (Width: 390, Scheme: "dark") }
        select new object[] { name, window.Width, window.Scheme };

    [PeerTheory("chromium", "--version")]
    [MemberData(nameof(Windows))]
    public async Task A_page_loads_whole_and_fits_the_window(string name, int width, string scheme)
    {
        List<string> complaints = [];
        var page = await pages.OpenAsync(name, width, scheme, opened =>
        {
            PageChecks.Listen(opened, complaints);
            opened.RequestFailed += (_, request) => complaints.Add($"{request.Url}: {request.Failure}");
            opened.Request += (_, request) =>
            {
                if (request.Url.StartsWith("http", StringComparison.Ordinal)) complaints.Add(request.Url);
            };
        });
        Assert.Empty(complaints);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        // The strip, which printing shows, shares the frames' pictures.
        var broken = await page.EvaluateAsync<string[]>(
            "[...document.images].filter(image => !image.complete || image.naturalWidth === 0).map(image => image.alt)");
        Assert.Empty(broken);
        await page.CloseAsync();
    }

    [PeerTheory("chromium", "--version")]
    [MemberData(nameof(Windows))]
    public async Task A_page_has_no_serious_fault_of_accessibility(string name, int width, string scheme)
    {
        var page = await pages.OpenAsync(name, width, scheme);
        await PageChecks.HasNoSeriousFaultAsync(page);
        await page.CloseAsync();
    }

    [PeerTheory("chromium", "--version")]
    [MemberData(nameof(Windows))]
    public async Task The_slider_changes_every_picture_and_Play_goes_through_them(string name, int width, string scheme)
    {
        var page = await pages.OpenAsync(name, width, scheme);
        var slider = page.Locator("#step");
        var shown = page.Locator(".frames img:visible");
        var runs = name == "report" ? 1 : 2;
        await Assertions.Expect(shown).ToHaveCountAsync(runs);
        var last = await Sources();
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(page.Locator("output")).ToHaveTextAsync("0");
        await Assertions.Expect(shown).ToHaveCountAsync(runs);
        Assert.All(last.Zip(await Sources()), pair => Assert.NotEqual(pair.First, pair.Second));
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("output")).ToHaveTextAsync("2");

        // It plays to the end, and is ready to begin again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Play" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToHaveTextAsync("Pause");
        await Assertions.Expect(page.Locator("output")).ToHaveTextAsync("8");
        await Assertions.Expect(page.GetByRole(AriaRole.Button)).ToHaveTextAsync("Play");
        Assert.Equal(last, await Sources());
        await page.CloseAsync();

        Task<string[]> Sources() => page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.frames img')].filter(image => !image.hidden).map(image => image.src)");
    }

    [PeerTheory("chromium", "--version")]
    [MemberData(nameof(Windows))]
    public async Task Curves_show_their_values_under_the_pointer_and_by_the_arrow_keys(string name, int width, string scheme)
    {
        var page = await pages.OpenAsync(name, width, scheme);
        var card = page.Locator("figure.card", new() { Has = page.Locator("svg.chart") }).First;
        var chart = card.Locator("svg.chart");
        await chart.ScrollIntoViewIfNeededAsync();
        await chart.HoverAsync();
        var pointed = await Values();
        await chart.FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.NotEqual(pointed, await Values());
        await page.CloseAsync();

        async Task<string> Values()
        {
            var step = await card.GetByRole(AriaRole.Status).InnerTextAsync();
            if (name == "report")
            {
                Assert.Matches(OneLine(), step);
                return step;
            }
            Assert.Matches("^step [1-8]$", step);
            var values = await card.Locator(".legend i").AllInnerTextsAsync();
            Assert.Equal(2, values.Count);
            Assert.All(values, value => Assert.Matches("^(over )?[0-9.,]+$", value));
            return step + string.Join(' ', values);
        }
    }

    [GeneratedRegex("^step [1-8]: discriminator [^,]+, generator .+$")]
    private static partial Regex OneLine();
}
