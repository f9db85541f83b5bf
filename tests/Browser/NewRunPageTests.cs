using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>Runs that are started, stopped and resumed in the browser.</summary>
public sealed partial class NewRunPageTests(StudioPages studio) : IClassFixture<StudioPages>
{
    private static ILocator Field(IPage page, string key) => page.GetByLabel(key, new() { Exact = true });

    private static ILocator Button(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    [GeneratedRegex("step ([0-9,]+) /")]
    private static partial Regex Step();

    private static async Task<int> StepAsync(IPage page)
    {
        await Assertions.Expect(page.Locator("#facts")).ToHaveTextAsync(Step());
        var step = Step().Match(await page.Locator("#facts").InnerTextAsync()).Groups[1].Value;
        return int.Parse(step, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "light", "en")]
    [InlineData(390, "dark", "es")]
    public async Task The_form_fits_the_window_and_has_no_serious_fault_of_accessibility(int width, string scheme, string language)
    {
        List<string> complaints = [];
        var page = await studio.OpenAsync($"/runs/new?language={language}#set=train.steps%3Dmany", width, scheme,
            opened => PageChecks.Listen(opened, complaints));
        await Assertions.Expect(page.Locator("[id='problem-train.steps']")).ToContainTextAsync("\"many\" is not a whole number.");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.LookAsync(page, $"new-{width}-{scheme}");
        await PageChecks.HasNoSeriousFaultAsync(page);
        Assert.Empty(complaints);
        await page.CloseAsync();
    }

    [PeerFact("chromium", "--version")]
    public async Task A_run_is_started_by_the_form_trains_and_shows_its_samples()
    {
        List<string> complaints = [];
        var page = await studio.OpenAsync("/runs", prepare: opened => PageChecks.Listen(opened, complaints));
        await page.GetByRole(AriaRole.Link, new() { Name = "New run" }).ClickAsync();
        await Assertions.Expect(page.Locator("#description")).ToHaveTextAsync("A test");
        await Assertions.Expect(page.Locator("#command")).ToContainTextAsync("./gan run tiny --out runs/tiny");
        await Field(page, "Name of the run").FillAsync("by form");
        await Assertions.Expect(page.Locator("#name-problem")).ToContainTextAsync("letters, digits");
        await Field(page, "Name of the run").FillAsync("by-form");

        // The filter leaves what it finds, and what the preset has is seen.
        await Field(page, "Find an option").FillAsync("train.steps");
        await Assertions.Expect(Field(page, "train.steps")).ToHaveValueAsync("8");
        await Assertions.Expect(Field(page, "sample.grid")).ToBeHiddenAsync();
        await page.GetByLabel("Preset").SelectOptionAsync("longer");
        await Assertions.Expect(Field(page, "train.steps")).ToHaveValueAsync("12");
        await Field(page, "train.steps").FillAsync("-1");
        await Assertions.Expect(page.Locator("[id='problem-train.steps']")).ToContainTextAsync("at least 0; got -1.");
        await Button(page, "Start").ClickAsync();
        // Nothing was started, and nothing is lost.
        await Assertions.Expect(Field(page, "train.steps")).ToBeFocusedAsync();
        Assert.Equal("-1", await Field(page, "train.steps").InputValueAsync());
        Assert.Equal("by-form", await Field(page, "Name of the run").InputValueAsync());
        Assert.False(Directory.Exists(studio["runs/by-form"]));
        await page.ReloadAsync();
        await Assertions.Expect(Field(page, "train.steps")).ToHaveValueAsync("-1");

        await Field(page, "train.steps").FillAsync("10");
        await Field(page, "train.flip").CheckAsync();
        await Assertions.Expect(page.Locator("#command"))
            .ToHaveTextAsync("./gan run tiny --out runs/by-form --set train.preset=longer --set train.steps=10 --set train.flip=true");
        // What is as the pipeline has it is not sent.
        await Field(page, "train.flip").UncheckAsync();
        await Assertions.Expect(page.Locator("#command"))
            .ToHaveTextAsync("./gan run tiny --out runs/by-form --set train.preset=longer --set train.steps=10");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await Button(page, "Copy command").ClickAsync();
        await Assertions.Expect(page.Locator("#copied")).ToHaveTextAsync("Copied.");
        Assert.StartsWith("./gan run tiny", await page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
        await Assertions.Expect(page.Locator("#problems p")).ToHaveCountAsync(0);
        // The refused start before is an error to the browser.
        complaints.RemoveAll(complaint => complaint.Contains("400", StringComparison.Ordinal));

        await page.Locator("#name").PressAsync("Enter");
        await page.WaitForURLAsync("**/runs/by-form");
        await Assertions.Expect(page.Locator("#facts")).ToContainTextAsync("step 10 / 10");
        await Assertions.Expect(page.Locator("#phase")).ToHaveTextAsync("done");
        await Assertions.Expect(page.Locator("#sample")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#shown")).ToHaveTextAsync("10");
        await Assertions.Expect(page.Locator("#resume")).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "The report" })).ToBeVisibleAsync();
        Assert.Contains("\"steps\": 10", await File.ReadAllTextAsync(studio["runs/by-form/settings.json"]), StringComparison.Ordinal);
        Assert.Empty(complaints);
        await page.CloseAsync();
    }

    [PeerFact("chromium", "--version")]
    public async Task A_run_that_fails_before_it_begins_says_why()
    {
        Directory.CreateDirectory(studio["empty"]);
        var page = await studio.OpenAsync("/runs/new#name=failing&set=data.kind%3Dfolder&set=data.path%3Dempty&set=data.classes%3D");
        await Assertions.Expect(page.Locator("#command")).ToContainTextAsync("data.path=empty");
        await Button(page, "Start").ClickAsync();
        await page.WaitForURLAsync("**/runs/failing");
        await Assertions.Expect(page.Locator("#phase")).ToHaveTextAsync("failed");
        await Assertions.Expect(page.Locator("#errors")).ToContainTextAsync("empty");
        await PageChecks.LookAsync(page, "failed-1280-light");
        await PageChecks.HasNoSeriousFaultAsync(page);
        // It holds no run: the same name will do.
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#command")).ToContainTextAsync("runs/failing");
        await Assertions.Expect(page.Locator("#name-problem")).ToBeHiddenAsync();
        await page.CloseAsync();
    }

    [PeerTheory("chromium", "--version")]
    [InlineData(390, "dark")]
    public async Task A_run_is_stopped_with_a_checkpoint_and_resumed(int width, string scheme)
    {
        var name = $"long-{width}";
        var page = await studio.OpenAsync($"/runs/new#name={name}&set=train.steps%3D100000&set=train.evaluate-every%3D0", width, scheme);
        await Assertions.Expect(page.Locator("#command")).ToContainTextAsync("train.steps=100000");
        await Button(page, "Start").ClickAsync();
        await page.WaitForURLAsync($"**/runs/{name}");
        await StepAsync(page);
        await Assertions.Expect(page.Locator("#phase")).ToHaveTextAsync("running");
        await PageChecks.LookAsync(page, $"running-{width}-{scheme}");
        await Button(page, "Stop").ClickAsync();
        await Assertions.Expect(page.Locator("#phase")).ToHaveTextAsync("stopped");
        await Assertions.Expect(Button(page, "Stop")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#errors")).ToBeHiddenAsync();
        var stopped = await StepAsync(page);
        var checkpoint = Directory.EnumerateDirectories(studio[$"runs/{name}/train/checkpoints"]).Max()!;
        Assert.Equal(stopped, int.Parse(checkpoint[^10..], CultureInfo.InvariantCulture));
        await PageChecks.LookAsync(page, $"stopped-{width}-{scheme}");
        await PageChecks.HasNoSeriousFaultAsync(page);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await Button(page, "Resume").ClickAsync();
        await Assertions.Expect(page.Locator("#phase")).ToHaveTextAsync("running");
        for (var i = 0; i < 600 && await StepAsync(page) <= stopped; i++) await page.WaitForTimeoutAsync(100);
        Assert.True(await StepAsync(page) > stopped);
        await Button(page, "Stop").ClickAsync();
        await Assertions.Expect(page.Locator("#phase")).ToHaveTextAsync("stopped");
        await page.CloseAsync();
    }
}
