using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class ImageChangesTests
{
    private const int Count = 40, Side = 16;

    private static Tensor Images(int channels = 3)
    {
        manual_seed(1);
        return rand(Count, channels, Side, Side) * 2 - 1;
    }

    public static TheoryData<string> Names => ["recolor", "flip", "shift", "cut out"];

    private static Tensor Change(string name, Tensor images, Tensor chosen)
    {
        // Equal draws at every call.
        manual_seed(2);
        return name switch
        {
            "recolor" => ImageChanges.Recolor(images, chosen),
            "flip" => ImageChanges.Flip(images, chosen),
            "shift" => ImageChanges.Shift(images, chosen),
            _ => ImageChanges.CutOut(images, chosen),
        };
    }

    private static float Distance(Tensor a, Tensor b) => (a - b).abs().max().item<float>();

    [Theory]
    [MemberData(nameof(Names))]
    public void Images_that_are_not_chosen_stay_as_they_are(string name)
    {
        using var scope = NewDisposeScope();
        var images = Images();
        var chosen = arange(Count).remainder(2).to(float32);
        var changed = Change(name, images, chosen);
        for (var i = 0; i < Count; i++)
        {
            // A colour goes through its mean and back: a few roundings.
            var distance = Distance(changed[i], images[i]);
            if (i % 2 == 0) Assert.InRange(distance, 0, name == "recolor" ? 1e-6f : 0);
        }
        Assert.True(Distance(changed, images) > 0.1f);
    }

    [Fact]
    public void A_flip_is_a_mirror()
    {
        using var scope = NewDisposeScope();
        var images = Images();
        var flipped = Change("flip", images, ones(Count));
        for (var column = 0; column < Side; column++)
            Assert.Equal(0, Distance(flipped.select(3, column), images.select(3, Side - 1 - column)));
    }

    [Fact]
    public void A_shift_is_by_up_to_an_eighth_and_brings_in_zeros()
    {
        using var scope = NewDisposeScope();
        var images = Images();
        var shifted = Change("shift", images, ones(Count));
        var seen = new HashSet<(int, int)>();
        for (var i = 0; i < Count; i++)
        {
            var found = false;
            for (var dy = -2; dy <= 2; dy++)
            {
                for (var dx = -2; dx <= 2; dx++)
                {
                    if (Distance(shifted[i], Shifted(images[i], dy, dx)) > 0) continue;
                    found = true;
                    seen.Add((dy, dx));
                }
            }
            Assert.True(found, $"image {i}");
        }
        // 25 shifts for 40 images: more than half of them are to be expected.
        Assert.True(seen.Count > 12, $"{seen.Count} different shifts");

        static Tensor Shifted(Tensor image, int dy, int dx)
        {
            var result = zeros_like(image);
            var (height, width) = (Side - Math.Abs(dy), Side - Math.Abs(dx));
            result.narrow(1, Math.Max(0, dy), height).narrow(2, Math.Max(0, dx), width)
                .copy_(image.narrow(1, Math.Max(0, -dy), height).narrow(2, Math.Max(0, -dx), width));
            return result;
        }
    }

    [Fact]
    public void A_cutout_takes_a_square_of_half_the_side()
    {
        using var scope = NewDisposeScope();
        var gone = Change("cut out", ones(400, 1, Side, Side), ones(400)).eq(0).to(float32);
        var most = gone.sum([1, 2, 3]).data<float>().ToArray();
        Assert.Equal(Side / 2 * Side / 2, most.Max());
        Assert.All(most, size => Assert.True(size >= Side / 4 * Side / 4, $"{size}"));
        // It goes everywhere: no pixel is always kept, none always cut.
        var share = gone.mean([0]).data<float>().ToArray();
        Assert.All(share, s => Assert.InRange(s, 0.01f, 0.6f));
    }

    [Fact]
    public void Colours_change_within_their_ranges()
    {
        using var scope = NewDisposeScope();
        // A gray image has no contrast and no saturation: what changes it is brightness.
        var brightness = Change("recolor", zeros(2000, 3, 4, 4), ones(2000)).data<float>().ToArray();
        Assert.InRange(brightness.Min(), -0.5f, -0.49f);
        Assert.InRange(brightness.Max(), 0.49f, 0.5f);
        // Black and white have contrast: half the difference, up to one and a half of it.
        var checks = (arange(2000 * 16).remainder(2).to(float32) * 2 - 1).view(2000, 1, 4, 4);
        var contrast = Change("recolor", checks, ones(2000));
        var range = (contrast.view(2000, 16).select(1, 1) - contrast.view(2000, 16).select(1, 0)).data<float>().ToArray();
        Assert.InRange(range.Min(), 1 - 1e-5f, 1.02f);
        Assert.InRange(range.Max(), 2.98f, 3 + 1e-5f);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_pass(string name)
    {
        using var scope = NewDisposeScope();
        var images = Images().requires_grad_();
        var weights = randn(Count, 3, Side, Side);
        var nothing = Change(name, zeros(Count, 3, Side, Side), ones(Count));
        var value = (Change(name, images, ones(Count)) * weights).sum();
        var gradient = autograd.grad([value], [images])[0];
        // Every change is linear up to a constant, so its gradient says its value. Sums of 30,000 products of float32.
        Assert.Equal((value - (nothing * weights).sum()).item<float>(), (gradient * images).sum().item<float>(), 0.01f);
        Assert.True(gradient.abs().max().item<float>() > 0.1f);
    }
}
