using System.Security.Cryptography;

namespace GanPipeline.Data.Tests;

public class BrickMapsTests
{
    private const int Side = 64, Area = Side * Side;

    public static TheoryData<string, double> Views
    {
        get
        {
            var views = new TheoryData<string, double>();
            foreach (var name in (string[])["brick 2x4", "plate 1x1", "tile 2x2", "slope 2x3", "brick 4x6"])
                foreach (var pitch in (double[])[-50, 8, 35, 90]) views.Add(name, pitch);
            return views;
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Maps_show_what_the_picture_shows(string name, double pitch)
    {
        var brick = Brick(name) with { Pitch = pitch, Background = 1, Color = BrickColor.Find("black")! };
        var (classes, depth, edges) = (Classes(brick), Depth(brick), Edges(brick));
        var picture = Draw(brick);
        for (var i = 0; i < Area; i++)
        {
            Assert.Equal(classes[i] == 0, depth[i] == 0);
            Assert.True(edges[i] is 0 or 255);
        }
        // Where no edge crosses a pixel or one beside it, all rays through it meet one surface. The ground is white, and a black brick with
        // all its gloss is not.
        foreach (var i in Within(edges, 255))
        {
            Assert.Equal(classes[i] == 0, picture[i] == 255);
            if (edges[i + 1] == 255) Assert.Equal(classes[i], classes[i + 1]);
        }
    }

    [Fact]
    public void Classes_are_where_the_geometry_has_them()
    {
        // Straight from above, the sides of studs that are not below the camera are seen a little.
        Assert.Equal(["top", "stud top", "stud side", "background"], Seen(Brick("brick 2x4") with { Pitch = 90 }));
        Assert.Equal(["top", "background"], Seen(Brick("tile 2x2") with { Pitch = 90 }));
        Assert.Equal(["top", "slope", "stud top", "stud side", "background"], Seen(Brick("slope 3x2") with { Pitch = 90 }));
        Assert.Equal(["underside", "hollow", "background"], Seen(Brick("brick 2x2") with { Pitch = -90 }));
        Assert.Equal(["top", "left side", "right side", "stud top", "stud side", "background"], Seen(Brick("brick 2x2") with { Yaw = 40 }));
        // The left side is at the left of the right one, from every direction.
        for (var yaw = 5; yaw < 360; yaw += 10)
        {
            if (yaw % 90 is 5 or 85) continue; // one side alone
            var classes = Classes(Brick("brick 2x3") with { Yaw = yaw });
            Assert.True(MeanColumn(classes, 2) < MeanColumn(classes, 3), $"yaw {yaw}");
        }

        static double MeanColumn(byte[] classes, int which) =>
            Enumerable.Range(0, Area).Where(i => classes[i] == which).Average(i => i % Side);

        static IEnumerable<string> Seen(BrickAttributes brick)
        {
            var classes = Classes(brick);
            return BrickSurfaces.Palette.Select((surface, i) => (surface.Name, Index: i)).Where(s => classes.Contains((byte)s.Index))
                .OrderBy(s => s.Index == 0).Select(s => s.Name);
        }
    }

    [Fact]
    public void Nearer_is_brighter_and_the_scale_is_one_for_all()
    {
        // Straight from above: studs are nearer than the top, each even but for rounding. Distances from the middle of the box, 5 radii
        // away, by hand: a brick 2x2 is 15.8 x 15.8 x 11.4 mm, its radius 12.55; a stud's top is half of 11.4 nearer than the middle.
        var brick = Brick("brick 2x2") with { Pitch = 90 };
        var (classes, depth) = (Classes(brick), Depth(brick));
        var radius = Math.Sqrt(7.9 * 7.9 * 2 + 5.7 * 5.7);
        var (studs, top) = (Of(5), Of(1));
        Assert.All(studs, d => Assert.Equal(1 + 254 * (1 + 5.7 / radius) / 2, d, 0.51)); // half a step of rounding
        Assert.All(top, d => Assert.Equal(1 + 254 * (1 + 3.9 / radius) / 2, d, 0.51));
        // All of the brick lies within its radius, so no depth is cut off.
        foreach (var type in BrickType.All)
            Assert.All(Depth(Brick(type.Name) with { Yaw = 70, Pitch = 15 }), d => Assert.InRange(d, 0, 254));

        IEnumerable<double> Of(int which) => Enumerable.Range(0, Area).Where(i => classes[i] == which).Select(i => (double)depth[i]);
    }

    [Fact]
    public void Edges_close_around_each_part()
    {
        // Between two pixels of different classes, beside or above each other, there is a line: one of them is on it.
        foreach (var name in (string[])["brick 2x4", "slope 2x2", "plate 4x6"])
        {
            var (classes, edges) = (Classes(Brick(name)), Edges(Brick(name)));
            for (var i = 0; i < Area - Side; i++)
                foreach (var other in (int[])[i + 1, i + Side])
                    if (classes[i] != classes[other]) Assert.True(edges[i] == 0 || edges[other] == 0, $"{name}: {i % Side}, {i / Side}");
        }
    }

    /// <summary>Golden: maps are the same bytes on every machine, as pictures are.</summary>
    [Theory]
    [InlineData("edges", "C8E339AE047F0F5A")]
    [InlineData("depth", "195036A3CB377485")]
    [InlineData("classes", "C1E38A40DF4DCEA9")]
    [InlineData("drawing", "1CFF5946F0F86906")]
    public void Maps_are_the_same_everywhere(string pair, string golden)
    {
        using var source = DataSets.Open(new() { Size = 64, Seed = 1, Pair = pair });
        var size = source.ConditionChannels * Area;
        var hash = SHA256.HashData([.. Enumerable.Range(0, 50).SelectMany(i => source.Read(i * 37)[..size])]);
        Assert.Equal(golden, Convert.ToHexString(hash)[..16]);
    }

    [Fact]
    public void A_drawing_has_lines_paper_and_the_bricks_colour_in_flat_tones()
    {
        foreach (var color in BrickColor.All)
        {
            var brick = Brick("brick 2x3") with { Color = color, Style = BricksOptions.Drawing };
            var (drawing, classes, edges) = (new byte[3 * Area], Classes(brick), Edges(brick));
            new BrickMaps(brick, Side).Drawing(color, drawing);
            var tones = new Dictionary<byte, (byte, byte, byte)>();
            for (var i = 0; i < Area; i++)
            {
                var pixel = (drawing[i], drawing[Area + i], drawing[2 * Area + i]);
                if (edges[i] == 0) Assert.Equal((0, 0, 0), pixel);
                else if (classes[i] == 0) Assert.Equal((255, 255, 255), pixel);
                else Assert.Equal(tones.GetValueOrDefault(classes[i], pixel), tones[classes[i]] = pixel);
            }
            Assert.Equal(5, tones.Count); // top, both sides, studs' tops and sides
            // As the renderer stores light: a square root.
            Assert.Equal(((byte)(255 * MathF.Sqrt(color.Red) + 0.5f), (byte)(255 * MathF.Sqrt(color.Green) + 0.5f)),
                (tones[1].Item1, tones[1].Item2));
            var gray = new byte[Area];
            new BrickMaps(brick, Side).Drawing(color, gray);
            Assert.All(Enumerable.Range(0, Area).Where(i => edges[i] == 0), i => Assert.Equal(0, gray[i]));
        }
    }

    [Fact]
    public void A_class_map_is_read_back_also_when_it_is_noisy()
    {
        using var source = DataSets.Open(new() { Size = Side, Pair = "classes", Count = 50, Bricks = new() { Pitch = new(-60, 60) } });
        var random = new Random(1);
        for (var i = 0; i < 50; i += 7)
        {
            var map = source.Read(i)[..(3 * Area)];
            var classes = new byte[Area];
            BrickSurfaces.Read(map, classes);
            Assert.All(Enumerable.Range(0, Area), p => Assert.Equal(BrickSurfaces.Palette[classes[p]],
                BrickSurfaces.Palette[classes[p]] with { Red = map[p], Green = map[Area + p], Blue = map[2 * Area + p] }));
            Assert.Equal(classes, BrickSurfaces.Read(ImageTensor.FromBytes(map, 1, 3, Side, Side), 0));
            // Colours are 219 apart or more: 60 in each channel are 104, less than half of it.
            var noisy = map.Select(v => (byte)Math.Clamp(v + random.Next(-60, 61), 0, 255)).ToArray();
            Assert.Equal(classes, BrickSurfaces.Read(ImageTensor.FromBytes(noisy, 1, 3, Side, Side), 0));
        }
        Assert.Throws<ArgumentException>(() => BrickSurfaces.Read(new byte[10], new byte[4]));
        Assert.Throws<ArgumentException>(() => BrickSurfaces.Read(new ImageTensor(1, 1, 4, 4), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BrickSurfaces.Read(new ImageTensor(1, 3, 4, 4), 1));
    }

    [Fact]
    public void Colours_of_the_palette_are_far_apart()
    {
        foreach (var a in BrickSurfaces.Palette)
            foreach (var b in BrickSurfaces.Palette.Where(b => b != a))
                Assert.True(Math.Sqrt(Square(a.Red - b.Red) + Square(a.Green - b.Green) + Square(a.Blue - b.Blue)) >= 219, $"{a} {b}");

        static double Square(double x) => x * x;
    }

    private static BrickAttributes Brick(string name) =>
        new(BrickType.All.Single(t => t.Name == name), BrickColor.Find("white")!, 30, 35, -50, 0.92, 0.9);

    private static byte[] Draw(BrickAttributes brick)
    {
        var picture = new byte[Area];
        BrickRenderer.Render(brick, new ImageShape(1, Side, Side), shadow: false, picture);
        return picture;
    }

    private static byte[] Edges(BrickAttributes brick)
    {
        var map = new byte[Area];
        new BrickMaps(brick, Side).Edges(map);
        return map;
    }

    private static byte[] Depth(BrickAttributes brick)
    {
        var map = new byte[Area];
        new BrickMaps(brick, Side).Depth(map);
        return map;
    }

    private static byte[] Classes(BrickAttributes brick)
    {
        var (map, classes) = (new byte[3 * Area], new byte[Area]);
        new BrickMaps(brick, Side).Classes(map);
        BrickSurfaces.Read(map, classes);
        return classes;
    }

    /// <summary>The pixels that have a value, and all pixels around them too.</summary>
    private static IEnumerable<int> Within(byte[] map, byte value) =>
        from y in Enumerable.Range(1, Side - 2)
        from x in Enumerable.Range(1, Side - 2)
        where Enumerable.Range(0, 9).All(k => map[(y + k / 3 - 1) * Side + x + k % 3 - 1] == value)
        select y * Side + x;
}
