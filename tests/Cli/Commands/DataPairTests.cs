using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Cli.Tests;

/// <summary>gan data with pairs of pictures.</summary>
public sealed class DataPairTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pairs_of_bricks_are_written_beside_each_other_and_inspected_as_such()
    {
        var render = InProcess.Gan("data", "render", "bricks", "--count", "4", "--size", "16", "--test", "0", "--types", "brick 2x4",
            "--pair", "classes", "--colour", "--out", _folder["bricks"], "--json");
        Assert.Equal((0, 6, 3), (render.Code, (int)render.Json["channels"]!, (int)render.Json["conditionChannels"]!));
        using var file = Image.Load<Rgb24>(_folder["bricks/brick 2x4/000000.png"]);
        Assert.Equal((32, 16), (file.Width, file.Height));
        Assert.Equal(new Rgb24(0, 0, 0), file[0, 0]);
        Assert.NotEqual(new Rgb24(0, 0, 0), file[16, 0]);

        var inspect = InProcess.Gan("data", "inspect", _folder["bricks"], "--pair", "side-by-side", "--sheet", _folder["sheet.png"],
            "--sheet-count", "1");
        Assert.Contains("4 pictures, 64 x 64, pairs from colour to colour", inspect.Output);
        using var sheet = Image.Load<Rgb24>(_folder["sheet.png"]);
        Assert.Equal((128 + 4, 64 + 4), (sheet.Width, sheet.Height)); // both sides, in a frame of 2 pixels
        var gray = InProcess.Gan("data", "inspect", _folder["bricks"], "--pair", "gray", "--json");
        Assert.Equal(1, (int)gray.Json["conditionChannels"]!);
    }

    [Fact]
    public void A_grid_shows_both_sides_and_may_be_turned_round()
    {
        Assert.Equal(0, Grid("a-to-b").Code);
        using var there = Image.Load<L8>(_folder["a-to-b/grid.png"]);
        Assert.Equal(0, Grid("b-to-a").Code);
        using var back = Image.Load<L8>(_folder["b-to-a/grid.png"]);
        Assert.Equal((2 + 32 + 2, 2 + 16 + 2), (there.Width, there.Height));
        for (var i = 0; i < 256; i++) Assert.Equal(there[2 + i % 16, 2 + i / 16], back[18 + i % 16, 2 + i / 16]);

        Outcome Grid(string direction) => InProcess.Gan("data", "render", "bricks", "--count", "1", "--size", "16", "--pair", "depth",
            "--direction", direction, "--grid", "--out", _folder[direction]);
    }

    [Fact]
    public void What_is_wrong_is_said_in_a_line()
    {
        Directory.CreateDirectory(_folder["A"]);
        var none = InProcess.Gan("data", "inspect", _folder.Path, "--pair", "folders");
        Assert.Equal(2, none.Code);
        Assert.Contains("holds no pairs of files of equal names in folders A and B", none.Error);
        var other = InProcess.Gan("data", "render", "bricks", "--pair", "folders");
        Assert.Equal(2, other.Code);
        Assert.Contains("'classes'", other.Error);
    }
}
