using System.Globalization;
using GanPipeline.Inference;
using Microsoft.Playwright;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Browser.Tests;

/// <summary>The pages of gan page in Chromium: they draw what the library draws, and can be used by all.</summary>
public sealed class GeneratorPageTests(GeneratorPages pages) : IClassFixture<GeneratorPages>
{
    /// <summary>Thresholds as the script writes them, and as text.</summary>
    public static TheoryData<string, string> Truncations => new() { { "null", "" }, { "0.7", "0.7" }, { "0.05", "0.05" }, { "2", "2" } };

    /// <summary>
    /// There is no tolerance: every step of Philox is one of whole numbers, and every step of Box and Muller is a sum, product, quotient or
    /// root rounded to float32, which a double rounded to float32 has exactly.
    /// </summary>
    [PageTheory]
    [MemberData(nameof(Truncations))]
    public async Task Latents_have_the_bits_of_the_library(string script, string threshold)
    {
        var page = await pages.OpenAsync("mnist-cgan");
        var limit = threshold.Length > 0 ? float.Parse(threshold, CultureInfo.InvariantCulture) : (float?)null;
        var cases =
            from seed in new[] { 0, 1, -1, 0x0123_4567_89AB_CDEF, long.MinValue, long.MaxValue }
            from index in new[] { 0, 1, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0005, long.MaxValue / 2 }
            from size in new[] { 1, 6, 100, 128 }
            select (seed, index, size);
        foreach (var (seed, index, size) in cases)
        {
            var drawn = await page.EvaluateAsync<long[]>($$"""
                async () => {
                  const { truncated } = await import('./latents.js');
                  return [...new Uint32Array(truncated({{seed}}n, {{index}}n, {{size}}, {{script}}).buffer)];
                }
                """);
            var expected = new float[size];
            Latents.Truncated(seed, index, size, limit, expected);
            Assert.Equal(expected.Select(value => (long)BitConverter.SingleToUInt32Bits(value)), drawn);
        }
        await page.CloseAsync();
    }

    [PageFact]
    public async Task Many_latents_have_the_bits_of_the_library()
    {
        const int count = 1000, size = 100;
        var page = await pages.OpenAsync("mnist-cgan");
        var drawn = Convert.FromBase64String(await page.EvaluateAsync<string>($$"""
            async () => {
              const { normal } = await import('./latents.js');
              const latents = Array.from({ length: {{count}} }, (_, i) => new Uint8Array(normal(17n, BigInt(i), {{size}}).buffer));
              return btoa(latents.map(latent => String.fromCharCode(...latent)).join(''));
            }
            """));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Latents.Normal(17, 0, count, size)).SequenceEqual(drawn));
        await page.CloseAsync();
    }

    /// <summary>
    /// 1 of 255: kernels of ONNX Runtime for the browser sum in another order than those for the processor, so that a value next to the
    /// middle between two bytes may become either.
    /// </summary>
    [PageTheory]
    [InlineData("mnist-cgan", "#seed=5&label=7", 5, 0, null, 0, "7")]
    [InlineData("mnist-cgan", "#seed=-9223372036854775808&label=0&index=4294967299&truncation=0.5", long.MinValue, 4294967299, 0.5f, 0,
        "0")]
    [InlineData("bricks-dcgan", "#seed=9223372036854775807&walk=0.25", long.MaxValue, 0, null, 0.25, null)]
    [InlineData("bricks-dcgan", "#seed=1&index=3&walk=0.5&truncation=0.7", 1, 3, 0.7f, 0.5, null)]
    [InlineData("cifar10-dcgan", "#seed=123&label=ship", 123, 0, null, 0, "ship")]
    [InlineData("quickstart", "#seed=2&label=brick+2x4", 2, 0, null, 0, "brick 2x4")]
    [InlineData("generator-pixels", "#seed=4", 4, 0, null, 0, null)]
    [InlineData("fixed-batch", "#seed=9&index=1", 9, 1, null, 0, null)]
    [InlineData("all-kinds", "#seed=3&label=cat+%26+%22dog%22&label=0&label=-3.25", 3, 0, null, 0,
        "animal=cat & \"dog\", smiling=no, yaw=-3.25")]
    public async Task A_link_shows_the_pixels_of_the_library(
        string name, string link, long seed, long index, float? truncation, double walk, string? label)
    {
        var page = await pages.OpenAsync(name, link);
        using var generator = GeneratorModel.Load(pages.Model(name), new ModelOptions { Truncation = truncation });
        AssertNear(Expected(generator, seed, index, walk, label), await GeneratorPages.PixelsAsync(page), generator);
        Assert.Equal(link, await page.EvaluateAsync<string>("location.hash"));
        await page.CloseAsync();
    }

    [PageFact]
    public async Task A_visit_shows_a_fresh_picture_and_its_link_shows_it_again()
    {
        var page = await pages.OpenAsync("bricks-dcgan");
        var first = await GeneratorPages.PixelsAsync(page);
        var link = await page.Locator("#link").GetAttributeAsync("href");
        var another = await pages.OpenAsync("bricks-dcgan");
        Assert.NotEqual(first, await GeneratorPages.PixelsAsync(another));
        await another.CloseAsync();
        var again = await pages.OpenAsync("bricks-dcgan", link!);
        Assert.Equal(first, await GeneratorPages.PixelsAsync(again));
        await again.CloseAsync();

        await Assertions.Expect(page).ToHaveURLAsync($"{pages.Address}bricks-dcgan/{link}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Another one" }).ClickAsync();
        Assert.NotEqual(first, await GeneratorPages.PixelsAsync(page));
        Assert.NotEqual(link, await page.Locator("#link").GetAttributeAsync("href"));
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator("#link")).ToHaveAttributeAsync("href", link!);
        Assert.Equal(first, await GeneratorPages.PixelsAsync(page));
        await page.CloseAsync();
    }

    [PageFact]
    public async Task Every_control_changes_the_picture_by_the_keyboard_and_stands_in_the_link()
    {
        var page = await pages.OpenAsync("all-kinds", "#seed=3");
        // What the link does not say comes from the model's only example.
        await Assertions.Expect(page.Locator("#caption")).ToHaveTextAsync("Seed 3, animal light, wavy, smiling, yaw 12.5");
        var last = await GeneratorPages.PixelsAsync(page);
        await Change("animal", () => page.Keyboard.PressAsync("ArrowUp"), "label=cat+%26+%22dog%22&label=1&label=12.5");
        await Change("smiling", () => page.Keyboard.PressAsync("Space"), "label=cat+%26+%22dog%22&label=0&label=12.5");
        await Change("yaw", () => page.Keyboard.PressAsync("End"), "label=0&label=90");
        await Change("Walk to the next seed", () => page.Keyboard.PressAsync("PageUp"), "walk=0.1");
        await Change("Truncation", () => page.Keyboard.PressAsync("Home"), "truncation=0.1");
        await Change("Seed", () => page.Locator("#seed").FillAsync("-12"), "seed=-12");

        await page.Locator("#seed").FillAsync("9223372036854775808");
        await Assertions.Expect(page.Locator("#seed")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal(last, await GeneratorPages.PixelsAsync(page));
        await page.GetByRole(AriaRole.Button, new() { Name = "Random labels" }).ClickAsync();
        await Assertions.Expect(page.Locator("#caption")).ToContainTextAsync("animal light, wavy, smiling, yaw 12.5");
        await page.CloseAsync();

        async Task Change(string label, Func<Task> press, string link)
        {
            await page.GetByLabel(label, new() { Exact = true }).FocusAsync();
            await press();
            var pixels = await GeneratorPages.PixelsAsync(page);
            Assert.NotEqual(last, pixels);
            last = pixels;
            Assert.Contains(link, await page.Locator("#link").GetAttributeAsync("href"), StringComparison.Ordinal);
        }
    }

    [PageFact]
    public async Task The_strip_shows_the_next_pictures_of_the_seed_and_one_of_them_becomes_the_large_one()
    {
        var page = await pages.OpenAsync("bricks-dcgan", "#seed=8&index=9&walk=0.5");
        using var generator = GeneratorModel.Load(pages.Model("bricks-dcgan"));
        for (var i = 0; i < 8; i++)
        {
            var pixels = await GeneratorPages.PixelsAsync(page, $"#strip li:nth-child({i + 1}) canvas");
            AssertNear(Expected(generator, 8, 8 + i), pixels, generator);
        }
        Assert.Equal("9", await page.Locator("#strip [aria-pressed=true]").GetAttributeAsync("data-index"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Index 14" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        AssertNear(Expected(generator, 8, 14), await GeneratorPages.PixelsAsync(page), generator);
        Assert.EndsWith("#seed=8&index=14", page.Url, StringComparison.Ordinal);
        await page.CloseAsync();
    }

    [PageFact]
    public async Task A_picture_is_saved_as_it_is()
    {
        var page = await pages.OpenAsync("cifar10-dcgan", "#seed=6&label=frog");
        var download = await page.RunAndWaitForDownloadAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Save as PNG" }).ClickAsync());
        Assert.Equal("seed-6-label-frog.png", download.SuggestedFilename);
        using var image = Image.Load<Rgba32>(await download.PathAsync());
        var pixels = new byte[4 * image.Width * image.Height];
        image.CopyPixelDataTo(pixels);
        Assert.Equal(await GeneratorPages.PixelsAsync(page), pixels);
        await page.CloseAsync();
    }

    [PageTheory]
    [InlineData("mnist-cgan", 1280, "light")]
    [InlineData("all-kinds", 390, "dark")]
    public async Task A_page_asks_its_own_server_alone_fits_the_window_and_has_no_serious_fault(string name, int width, string scheme)
    {
        List<string> complaints = [], asked = [];
        var page = await pages.OpenAsync(name, "", width, scheme, opened =>
        {
            PageChecks.Listen(opened, complaints);
            opened.RequestFailed += (_, request) => complaints.Add($"{request.Url}: {request.Failure}");
            opened.Request += (_, request) => asked.Add(request.Url);
        });
        Assert.Equal([], complaints);
        Assert.All(asked, url => Assert.StartsWith(pages.Address, url, StringComparison.Ordinal));
        Assert.Contains(asked, url => url.EndsWith(".wasm", StringComparison.Ordinal));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Equal($"<{name}>", await page.TitleAsync());

        await PageChecks.HasNoSeriousFaultAsync(page);
        await page.CloseAsync();
    }

    [PageFact]
    public async Task Where_the_model_cannot_be_loaded_the_page_says_why()
    {
        var file = await pages.OpenFileAsync("mnist-cgan");
        await Assertions.Expect(file.GetByRole(AriaRole.Alert)).ToContainTextAsync("a page that is opened as a file cannot load its model");
        await Assertions.Expect(file.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await file.CloseAsync();

        var lost = await pages.OpenAsync(
            "quickstart", prepare: page => page.RouteAsync("**/generator.onnx", route => route.FulfillAsync(new() { Status = 404 })));
        await Assertions.Expect(lost.GetByRole(AriaRole.Alert))
            .ToHaveTextAsync("The model could not be loaded: generator.onnx: the server says 404.");
        await Assertions.Expect(lost.Locator("#stage")).ToBeHiddenAsync();
        await lost.CloseAsync();
    }

    private static byte[] Expected(GeneratorModel generator, long seed, long index, double walk = 0, string? label = null)
    {
        var latents = new float[2 * generator.LatentSize];
        generator.DrawLatents(seed, index, latents.AsSpan(0, generator.LatentSize));
        generator.DrawLatents(unchecked(seed + 1), index, latents.AsSpan(generator.LatentSize));
        // In hundredths of the way.
        var path = LatentPath.Through(latents, generator.LatentSize, 101).AsSpan((int)(100 * walk) * generator.LatentSize);
        var bytes = new byte[generator.ImageSize];
        generator.GeneratePixels(path[..generator.LatentSize], generator.LabelVectors(1, labels: label is null ? null : [label]), bytes);
        return bytes;
    }

    private static void AssertNear(byte[] expected, byte[] canvas, GeneratorModel generator)
    {
        Assert.Equal(4 * generator.Height * generator.Width, canvas.Length);
        Assert.True(expected.Distinct().Count() > 5, "the picture is plain");
        for (var i = 0; i < canvas.Length; i++)
        {
            var wanted = i % 4 == 3 ? 255 : expected[generator.Channels == 1 ? i / 4 : i / 4 * 3 + i % 4];
            Assert.InRange(canvas[i], wanted - 1, wanted + 1);
        }
    }
}
