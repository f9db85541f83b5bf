using System.Globalization;
using GanPipeline.Export;
using GanPipeline.Training;
using Microsoft.Playwright;
using static TorchSharp.torch;

namespace GanPipeline.Browser.Tests;

/// <summary>Translation by drawing, and poses.</summary>
public sealed class DrawingTests : IClassFixture<StudioPages>
{
    private const int Side = 32;

    // Of an image or a canvas: red, green and blue of a pixel.
    private const string Pixel = """
        async (picture, [x, y]) => {
          if (picture.decode) await picture.decode();
          const canvas = new OffscreenCanvas(32, 32), context = canvas.getContext('2d');
          context.drawImage(picture, 0, 0);
          return [...context.getImageData(x, y, 1, 1).data].slice(0, 3);
        }
        """;

    private readonly StudioPages _studio;
    private readonly List<string> _complaints = [];

    public DrawingTests(StudioPages studio)
    {
        _studio = studio;
        var drawn = AddRun("drawn", "pix2pix", "classes", "steps: 8");
        NegativeModel.Write(Path.Combine(drawn, "translator.onnx"), 3, Side, Side);
        var posed = AddRun("posed", "pose", "pose", "steps: 8, first-stage-steps: 4");
        ExportPose(Path.Combine(posed, "pose-generator.onnx"));
    }

    /// <summary>A run's folder as far as the pages of its models look at it; gives the folder for them.</summary>
    private string AddRun(string name, string architecture, string pair, string train)
    {
        var models = _studio[$"runs/{name}/models"];
        Directory.CreateDirectory(models);
        File.WriteAllText(_studio[$"runs/{name}/settings.json"], $$"""
            { "set": {}, "pipelines": { "{{name}}": {
                "data": { kind: bricks, size: {{Side}}, pair: {{pair}}, count: 50 },
                "architecture": { name: {{architecture}} }, "train": { {{train}} } } } }
            """);
        return models;
    }

    private static void ExportPose(string path)
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new()
        {
            Name = "pose", Shape = new(1, Side, Side), ConditionChannels = 1 + PoseLayout.View.Channels,
            PoseChannels = PoseLayout.View.Channels, Filters = 3, Patch = 16,
        }, seed: 2);
        // The second stage begins with nothing.
        foreach (var (name, parameter) in networks.Generator.named_parameters())
            if (name == "second.output.conv.weight") nn.init.normal_(parameter, 0, 0.1);
        networks.Generator.eval();
        GanExporter.ExportPoseGenerator(networks.Generator, networks.TranslateInStages, PoseLayout.View, networks.Shape, path);
    }

    private Task<IPage> OpenAsync(string path, int width, string scheme) =>
        _studio.OpenAsync(path, width, scheme, opened => PageChecks.Listen(opened, _complaints));

    private static Task<int[]> PixelAsync(IPage page, string picture, int x, int y) =>
        page.Locator(picture).EvaluateAsync<int[]>(Pixel, new[] { x, y });

    /// <summary>Waits until a pixel of the translation has a colour.</summary>
    private static async Task BecomesAsync(IPage page, int x, int y, params int[] color)
    {
        for (var i = 0; i < 600 && !(await PixelAsync(page, "#picture", x, y)).SequenceEqual(color); i++) await Task.Delay(50);
        Assert.Equal(color, await PixelAsync(page, "#picture", x, y));
    }

    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task What_is_drawn_is_translated_at_once(int width, string scheme)
    {
        var page = await OpenAsync("/runs/drawn/models/translator/", width, scheme);
        // An example to begin with, with its original beside it.
        await Assertions.Expect(page.Locator("#truth")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#time")).ToContainTextAsync("made in");
        await PageChecks.LookAsync(page, $"translator-{width}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Assertions.Expect(page.Locator("#truth")).ToBeHiddenAsync();
        await BecomesAsync(page, 3, 3, 255, 255, 255);
        // A stroke of "top", which is green.
        await page.GetByRole(AriaRole.Button, new() { Name = "top", Exact = true }).ClickAsync();
        var canvas = (await page.Locator("#canvas").BoundingBoxAsync())!;
        var pixel = canvas.Width / Side;
        await page.Mouse.MoveAsync(canvas.X + 8.5f * pixel, canvas.Y + 8.5f * pixel);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(canvas.X + 20.5f * pixel, canvas.Y + 8.5f * pixel, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        foreach (var x in new[] { 8, 14, 20 }) await BecomesAsync(page, x, 8, 255, 0, 255);
        await BecomesAsync(page, 14, 12, 255, 255, 255);
        // Nothing is in the fill's way but the stroke.
        await page.GetByLabel("Tool").SelectOptionAsync("fill");
        await page.GetByRole(AriaRole.Button, new() { Name = "left side" }).ClickAsync();
        await page.Mouse.ClickAsync(canvas.X + 2.5f * pixel, canvas.Y + 2.5f * pixel);
        await BecomesAsync(page, 30, 30, 0, 255, 255);
        await BecomesAsync(page, 14, 8, 255, 0, 255);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await BecomesAsync(page, 30, 30, 255, 255, 255);
        // By the keyboard: the dot is in the middle, moved by four.
        await page.GetByLabel("Tool").SelectOptionAsync("brush");
        await page.Locator("#canvas").FocusAsync();
        for (var i = 0; i < 4; i++) await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Space");
        await BecomesAsync(page, 16, 20, 0, 255, 255);

        // A picture of the visitor's own: blue becomes yellow.
        var blue = new ImageTensor([.. Enumerable.Repeat(-1f, 2 * 64), .. Enumerable.Repeat(1f, 64)], 1, 3, 8, 8);
        await page.Locator("#file").SetInputFilesAsync(new FilePayload
        {
            Name = "blue.png", MimeType = "image/png", Buffer = Inference.Pictures.EncodePng(blue, 0),
        });
        await BecomesAsync(page, 16, 20, 255, 255, 0);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.HasNoSeriousFaultAsync(page);
        Assert.Empty(_complaints);
        await page.CloseAsync();
    }

    [PeerTheory("chromium", "--version")]
    [InlineData(1280, "dark")]
    [InlineData(390, "light")]
    public async Task A_brick_is_turned_beside_its_render(int width, string scheme)
    {
        var page = await OpenAsync("/runs/posed/models/pose-generator/", width, scheme);
        await Assertions.Expect(page.Locator("#truth")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#time")).ToContainTextAsync("made in");
        var (pictures, target) = (new List<long>(), page.Locator("#target"));
        foreach (var yaw in new[] { 20, 45, 70 })
        {
            var before = await target.GetAttributeAsync("src");
            await page.GetByRole(AriaRole.Slider, new() { Name = "Turn" }).FillAsync(yaw.ToString(CultureInfo.InvariantCulture));
            // The render comes last.
            await Assertions.Expect(target).Not.ToHaveAttributeAsync("src", before!);
            pictures.Add(await PageChecks.PixelsAsync(target));
        }
        Assert.Equal(3, pictures.Distinct().Count());
        await PageChecks.HasNoSeriousFaultAsync(page);
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await PageChecks.LookAsync(page, $"pose-{width}");
        Assert.Empty(_complaints);
        await page.CloseAsync();
    }
}
