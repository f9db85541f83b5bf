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
    public void Poses_of_a_folder_are_counted_and_shown_between_both_sides()
    {
        File.WriteAllLines(_folder["points.csv"], ["file,name,x,y", .. People()]);
        string[] inspect = ["data", "inspect", _folder["people"], "--pair", "pose", "--keypoints", _folder["points.csv"]];
        var told = InProcess.Gan([.. inspect, "--sheet", _folder["sheet.png"], "--sheet-count", "1"]);
        Assert.True(told.Code == 0, told.ToString());
        // Of a 3 pictures, each with the 2 others; of b 2; c is alone, and d has no keypoints.
        Assert.Contains("people: 8 pairs, 64 x 64, pairs from colour and 3 keypoints to colour", told.Output);
        Assert.Contains("all 64 x 64 pixels, in colour", told.Output);
        Assert.Contains("2 identities; 6 pictures with keypoints, on average 2.33 of 3", told.Output);
        Assert.Contains("most often missing: foot (3), head (1)", told.Output);
        Assert.Contains("1: the table of keypoints has no row for it (d_1.png)", told.Output);
        Assert.Contains("1: there is no such picture for the keypoints of the table (e_1.png)", told.Output);
        using var sheet = Image.Load<Rgb24>(_folder["sheet.png"]);
        Assert.Equal((3 * 64 + 4, 64 + 4), (sheet.Width, sheet.Height));
        // The first pair's target is a_1, red at the keypoints and else black; its input is another one, not red.
        Assert.Equal(new Rgb24(0, 0, 0), sheet[2 + 20, 2 + 20]);
        Assert.Equal(new Rgb24(255, 255, 255), sheet[2 + 64 + 20, 2 + 20]);
        Assert.Equal(new Rgb24(255, 255, 255), sheet[2 + 64 + 30, 2 + 50]);
        Assert.Equal(new Rgb24(0, 0, 0), sheet[2 + 64 + 50, 2 + 20]);
        Assert.Equal(new Rgb24(255, 0, 0), sheet[2 + 128 + 20, 2 + 20]);

        var pose = InProcess.Gan([.. inspect, "--json"]).Json["pose"]!;
        Assert.Equal("""{"identities":2,"keypoints":["head","hand","foot"],"meanKeypoints":2.3333333333333335,"missing":""" +
            """{"foot":3,"head":1},"withKeypoints":6,"withoutKeypoints":1,"rowsWithoutPicture":1}""", pose.ToJsonString());

        // Of a table, pictures that pairs join are of one; the same pair twice is a copy of itself.
        File.WriteAllLines(_folder["pairs-train.csv"], ["from,to", "a_1.png,a_2.png", "b_1.png,a_1.png", "b_1.png,a_1.png"]);
        File.WriteAllLines(_folder["pairs-test.csv"], ["from,to", "c_1.png,b_2.png", "a_3.png,a_1.png"]);
        var table = InProcess.Gan([.. inspect, "--pairs-table", _folder["pairs-train.csv"]]);
        Assert.Contains("5 pairs, ", table.Output);
        Assert.Contains("2 identities; 6 pictures", table.Output);
        Assert.Contains("pairs-test.csv: 1, for example a_1.png. What is measured", table.Output);
        Assert.Contains("copies of other pairs: 1:", table.Output);
        Assert.Contains("b_1.png > a_1.png = b_1.png > a_1.png", table.Output);

        var without = InProcess.Gan(inspect[..^2]);
        Assert.Equal(2, without.Code);
        Assert.Contains("needs a table of keypoints", without.Error);
    }

    /// <summary>Pictures with a colour at their keypoints, and the rows of these.</summary>
    private IEnumerable<string> People()
    {
        Directory.CreateDirectory(_folder["people"]);
        foreach (var (name, at) in new[] { ("a_1", 0), ("a_2", 20), ("a_3", 24), ("b_1", 28), ("b_2", 32), ("c_1", 36), ("d_1", 40) })
        {
            using var image = new Image<Rgb24>(64, 64);
            for (var i = 0; i < 25; i++)
            {
                image[18 + i % 5, 18 + i / 5] = new(at == 0 ? (byte)255 : (byte)0, 0, 0);
                image[at + i % 5, 40 + i / 5] = new(0, 0, 200);
            }
            image.SaveAsPng(_folder[$"people/{name}.png"]);
            if (name == "d_1") continue;
            if (name != "b_2") yield return $"{name}.png,head,20,20";
            yield return $"{name}.png,hand,{(at == 0 ? 30 : 10)},50";
            if (at < 28) yield return $"{name}.png,foot,40,60";
        }
        yield return "e_1.png,head,3,3";
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
