namespace GanPipeline.Data.Tests;

public class BrickViewsTests
{
    private static readonly DataOptions _options = new()
    {
        Pair = "pose", Size = 32, Channels = 3, Seed = 4, Split = "test",
        Classes = ["brick 1x1", "brick 2x2", "brick 2x4", "plate 2x3", "slope 2x2"], Bricks = new() { Pitch = new(28, 42) },
    };

    [Fact]
    public void The_view_and_the_kind_are_read_from_pictures()
    {
        using var views = new BrickViews(_options);
        using var pairs = DataSets.Open(_options);
        for (var i = 0; i < 10; i++)
        {
            var target = ImageTensor.FromBytes(pairs.Read(i).AsSpan(7 * 1024), 1, 3, 32, 32).Values;
            // Steps of 0.75 degrees, and pixels that round.
            Assert.InRange(views.Error(i, views.ReadView(i, target)), 0, 2);
            Assert.Equal(views.Kind(i), views.ReadKind(i, target));
            // From elsewhere it is another view.
            var elsewhere = new ViewPose((views.View(i).Yaw + 30) % 360, views.View(i).Pitch);
            var pixels = new byte[3 * 1024];
            views.Render(i, elsewhere, pixels);
            var read = views.ReadView(i, ImageTensor.FromBytes(pixels, 1, 3, 32, 32).Values);
            Assert.InRange(views.Error(i, read), 28, 32);
            // The same kind as the next picture's is another one than its own.
            var other = ImageTensor.FromBytes(pairs.Read(i + 1).AsSpan(7 * 1024), 1, 3, 32, 32).Values;
            Assert.Equal(views.Kind(i + 1), views.ReadKind(i + 1, other));
        }
    }

    [Fact]
    public void A_brick_looks_the_same_after_a_half_turn_a_square_one_after_a_quarter_and_a_slope_after_none()
    {
        using var views = new BrickViews(_options);
        foreach (var (picture, period) in new[] { (0, 90), (1, 90), (2, 180), (3, 180), (4, 360) })
        {
            var view = views.View(picture);
            foreach (var turn in (int[])[90, 180, 270])
            {
                var error = views.Error(picture, view with { Yaw = view.Yaw + turn - 360 });
                Assert.Equal(turn % period == 0 ? 0 : Math.Min(turn % period, period - turn % period), error, 1e-6);
            }
            Assert.Equal(3, views.Error(picture, view with { Pitch = view.Pitch + 3 }), 1e-6);
            byte[] once = new byte[3 * 1024], turned = new byte[3 * 1024];
            views.Render(picture, view with { Yaw = 20 }, once);
            views.Render(picture, view with { Yaw = 20 + period % 360 }, turned);
            Assert.InRange(once.Zip(turned, (a, b) => Math.Abs(a - b)).Max(), 0, 2); // rounding
        }
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        using var views = new BrickViews(_options);
        Assert.Contains("The yaw is 361", Assert.Throws<ArgumentException>(
            () => views.Render(0, new(361, 0), new byte[3 * 1024])).Message, StringComparison.Ordinal);
        Assert.Contains("has 3072 values; got 5", Assert.Throws<ArgumentException>(() => views.ReadView(0, new float[5])).Message,
            StringComparison.Ordinal);
        Assert.Contains("not of data of kind 'cifar10'", Assert.Throws<DataSetException>(
            () => new BrickViews(new() { Kind = "cifar10", Path = "." })).Message, StringComparison.Ordinal);
        var sign = views.Sign(new(30, 35));
        Assert.Equal([-1f, 1f], sign.Values.Distinct().Order());
    }
}
