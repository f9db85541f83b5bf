using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace GanPipeline.Browser.Tests;

/// <summary>What holds for every page.</summary>
internal static class PageChecks
{
    /// <summary>Where pictures of the pages go, to be looked at; usually nowhere.</summary>
    private static readonly string? _pictures = Environment.GetEnvironmentVariable("GAN_SCREENSHOTS");

    // An image's pixels as a number.
    private const string Pixels = """
        async image => {
          await image.decode();
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const context = canvas.getContext('2d');
          context.drawImage(image, 0, 0);
          const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
          return data.reduce((sum, value, i) => (31 * sum + value + i) % 1000000007, 7);
        }
        """;

    /// <summary>An image's pixels as a number: another picture has another one.</summary>
    public static Task<long> PixelsAsync(ILocator image) => image.EvaluateAsync<long>(Pixels);

    /// <summary>Asserts that axe finds no serious fault.</summary>
    public static async Task HasNoSeriousFaultAsync(IPage page)
    {
        var result = await page.RunAxe();
        var faults = result.Violations.Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Take(3).Select(n => n.Html))}");
        Assert.True(!faults.Any(), string.Join(Environment.NewLine, faults));
        Assert.True(result.Passes.Length > 10, "axe checked next to nothing");
    }

    /// <summary>Notes what a page writes to the console as an error or a warning.</summary>
    public static void Listen(IPage page, List<string> complaints)
    {
        page.Console += (_, message) => { if (message.Type is "error" or "warning") complaints.Add(message.Text); };
        page.PageError += (_, error) => complaints.Add(error);
    }

    /// <summary>Keeps a picture of the whole page where GAN_SCREENSHOTS names a folder.</summary>
    public static async Task LookAsync(IPage page, string name)
    {
        if (_pictures is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(_pictures, $"{name}.png"), FullPage = true });
    }
}
