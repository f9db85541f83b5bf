namespace GanPipeline.Data.Tests;

public class BrickRendererTests
{
    private const int Side = 64;

    public static TheoryData<string> Names => [.. BrickType.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_brick_spans_the_share_of_the_frame_it_is_given(string name)
    {
        var type = BrickType.All.Single(t => t.Name == name);
        foreach (var yaw in (double[])[0, 33, 100, 250])
        {
            var picture = Draw(new BrickAttributes(type, BrickColor.Find("black")!, yaw, 35, -50, 1, 0.8), shadow: false);
            var (left, right, top, bottom) = Extent(picture);
            var span = Math.Max(right - left, bottom - top) / (double)Side;
            // A slope's and a stud's frame is a little larger than what is seen of them; a pixel's rounding at both ends.
            Assert.InRange(span, 0.8 - 0.14, 0.8 + 2.0 / Side);
            Assert.InRange((left + right) / 2.0 / Side, 0.5 - 0.08, 0.5 + 0.08);
        }
    }

    [Fact]
    public void The_ground_is_even_where_no_brick_is()
    {
        var picture = Draw(Brick("brick 2x4") with { Background = 0.92 }, shadow: false);
        Assert.Equal(Enumerable.Repeat((byte)Math.Round(0.92 * 255), Side), picture.Take(Side));
    }

    [Fact]
    public void The_shadow_falls_away_from_the_light()
    {
        // Light from the left: the ground is darker at the right of the brick than at its left.
        var brick = Brick("brick 2x2") with { Light = -90, Yaw = 0, Fill = 0.5 };
        var picture = Draw(brick, shadow: true);
        var row = picture.AsSpan((int)(Side * 0.66) * Side, Side);
        var (left, right, _, _) = Extent(Draw(brick, shadow: false));
        Assert.True(row[right + 3] < row[left - 4] - 15, $"{row[right + 3]} right, {row[left - 4]} left");
    }

    [Fact]
    public void Studs_can_be_counted()
    {
        // Straight from above, a stud's top is as bright as the plate, but its shadow draws a ring: each of 2 x 4 has one.
        var picture = Draw(new BrickAttributes(BrickType.All.Single(t => t.Name == "brick 2x4"),
            BrickColor.Find("white")!, 0, 90, 45, 0.5, 1), shadow: false, 256);
        var dark = 0;
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                // The middle of each stud, and a point of its cell's corner towards the lamp's far side.
                var (x, y) = (128 + (i - 0.5) * 64, 128 + (j - 1.5) * 64);
                var middle = picture[(int)y * 256 + (int)x];
                var behind = picture[(int)(y - 17) * 256 + (int)(x - 17)];
                if (behind < middle - 20) dark++;
            }
        }
        Assert.Equal(8, dark);
    }

    [Theory]
    // Tubes between the studs' places.
    [InlineData("brick 2x4", "wall 7.2 0, hollow 5 0, tube 2.8 0, hollow 0 0, tube 2.8 8, hollow 0 -8, hollow 0 12.5")]
    [InlineData("plate 1x3", "wall 3.2 0, hollow 0 0, pin 0 4, pin 0 -4, hollow 0 8")] // pins, where there is one row
    [InlineData("brick 1x1", "wall 3.2 0, hollow 0 0, hollow 2 2")]
    public void From_below_a_brick_is_hollow_but_for_walls_tubes_and_pins(string name, string places)
    {
        var type = BrickType.All.Single(t => t.Name == name);
        var picture = Draw(new BrickAttributes(type, BrickColor.Find("white")!, 0, -90, 45, 0.92, 1), shadow: true, 256);
        var millimetre = 256 / (8.0 * type.StudsLong - 0.2); // the underside is nearest, and fills the frame
        foreach (var place in places.Split(", "))
        {
            if (place.Split(' ') is not [var what, var x, var y]) throw new FormatException(place);
            var value = picture[(int)(128 + Number(y) * millimetre) * 256 + (int)(128 + Number(x) * millimetre)];
            Assert.True(what == "hollow" ? value < 130 : value > 160, $"{place}: {value}");
        }

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Seen_level_and_from_just_below_there_is_no_ground_in_the_sky()
    {
        foreach (var pitch in (double[])[-40, -3, 0])
        {
            var picture = Draw(Brick("plate 2x4") with { Pitch = pitch }, shadow: true);
            Assert.Equal(Enumerable.Repeat((byte)Math.Round(0.92 * 255), Side), picture.Take(Side)); // the first row, above the brick
        }
    }

    [Fact]
    public void A_tile_is_smooth_and_colour_is_its_own()
    {
        var picture = new byte[3 * Side * Side];
        BrickRenderer.Render(Brick("tile 2x2") with { Color = BrickColor.Find("red")!, Pitch = 90 }, new ImageShape(3, Side, Side), false,
            picture);
        var middle = picture.Chunk(Side * Side).Select(plane => plane[Side / 2 * Side + Side / 2]).ToArray();
        Assert.True(middle[0] > 150 && middle[1] < 80 && middle[2] < 80, string.Join(' ', middle));
        Assert.Equal(picture[Side / 2 * Side + Side / 2], picture[Side / 2 * Side + Side / 2 + 5]);
    }

    [Fact]
    public void A_full_turn_changes_nothing_and_half_a_turn_little()
    {
        var brick = Brick("brick 2x4") with { Light = 30 };
        Assert.Equal(Draw(brick with { Yaw = 10 }, true), Draw(brick with { Yaw = 370 }, true));
        // Light turns with the camera, and a brick is the same from behind; only the order of additions differs.
        var (front, back) = (Draw(brick with { Yaw = 10 }, true), Draw(brick with { Yaw = 190 }, true));
        Assert.InRange(front.Zip(back, (a, b) => Math.Abs(a - b)).Average(), 0, 0.2);
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => BrickRenderer.Render(Brick("tile 1x1"), new ImageShape(1, 32, 64), true, new byte[2048]));
        Assert.Throws<ArgumentException>(() => BrickRenderer.Render(Brick("tile 1x1"), new ImageShape(1, 32, 32), true, new byte[5]));
    }

    [Fact]
    public void Sine_and_cosine_are_right()
    {
        for (var degrees = -720.0; degrees <= 720; degrees += 7.3)
        {
            var (sin, cos) = ExactMath.SinCosDegrees(degrees);
            Assert.Equal(Math.Sin(degrees * Math.PI / 180), sin, 1e-13); // the argument's own rounding in the reference, at two turns
            Assert.Equal(Math.Cos(degrees * Math.PI / 180), cos, 1e-13);
        }
        Assert.Equal((1.0, 0.0), ExactMath.SinCosDegrees(90));
        Assert.Equal((0.0, -1.0), ExactMath.SinCosDegrees(180));
    }

    private static BrickAttributes Brick(string name) =>
        new(BrickType.All.Single(t => t.Name == name), BrickColor.Find("gray")!, 30, 35, -50, 0.92, 0.9);

    private static byte[] Draw(BrickAttributes attributes, bool shadow, int side = Side)
    {
        var picture = new byte[side * side];
        BrickRenderer.Render(attributes, new ImageShape(1, side, side), shadow, picture);
        return picture;
    }

    /// <summary>First and one past the last column and row that are not ground, whose value the first pixel has.</summary>
    private static (int Left, int Right, int Top, int Bottom) Extent(byte[] picture)
    {
        var at = Enumerable.Range(0, picture.Length).Where(i => Math.Abs(picture[i] - picture[0]) > 8).ToList();
        return (at.Min(i => i % Side), at.Max(i => i % Side) + 1, at.Min(i => i / Side), at.Max(i => i / Side) + 1);
    }
}
