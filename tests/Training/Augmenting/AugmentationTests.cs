using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class AugmentationTests
{
    private static Augmentation New(ObjectiveOptions options, double boundary = 0) => new(options, boundary, CPU);

    [Fact]
    public void A_fixed_probability_is_the_share_of_changed_images()
    {
        using var scope = NewDisposeScope();
        using var augmentation = New(new() { Augment = Augmentations.Flip, AugmentProbability = 0.3 });
        manual_seed(3);
        var images = rand(10_000, 1, 4, 4);
        var changed = (augmentation.Apply(images) - images).abs().amax([1, 2, 3]).gt(0).to(float32).mean().item<float>();
        // Three standard deviations of a share of 10,000 draws.
        Assert.Equal(0.3f, changed, 0.014f);
        Assert.Empty(augmentation.State);
    }

    [Fact]
    public void An_adapting_probability_follows_the_discriminator_s_confidence()
    {
        using var scope = NewDisposeScope();
        using var augmentation = New(new() { Augment = Augmentations.Flip, AugmentTarget = 0.6, AugmentImages = 400, AugmentEvery = 4 });
        Assert.Equal(0, Run(0, 3, share: 1));
        // Four batches of 20 of 400 images, all sure.
        Assert.Equal(0.2f, Run(3, 1, share: 1), 1e-6f);
        Assert.Equal(0.6f, Run(4, 8, share: 1), 1e-6f);
        // 75 % above the boundary are a mean sign of 0.5, 85 % one of 0.7.
        Assert.Equal(0.4f, Run(12, 4, share: 0.75), 1e-6f);
        Assert.Equal(0.6f, Run(16, 4, share: 0.85), 1e-6f);
        Assert.Equal(1, Run(20, 40, share: 1));
        Assert.Equal(0, Run(60, 40, share: 0));
        Assert.Equal(2, augmentation.State.Count());

        float Run(int first, int steps, double share)
        {
            for (var step = first; step < first + steps; step++)
            {
                augmentation.Watch((arange(20).lt(share * 20).to(float32) * 2 - 1).view(20, 1));
                augmentation.Adapt(step + 1);
            }
            return augmentation.Probability.item<float>();
        }
    }

    [Fact]
    public void Confidence_is_about_the_objective_s_boundary()
    {
        using var scope = NewDisposeScope();
        using var augmentation = New(
            new() { Augment = Augmentations.Flip, AugmentTarget = 0.6, AugmentImages = 100, AugmentEvery = 1 },
            boundary: 0.5);
        augmentation.Watch(full([10, 1], 0.6f));
        augmentation.Adapt(1);
        Assert.Equal(0.1f, augmentation.Probability.item<float>(), 1e-6f);
        augmentation.Watch(full([10, 1], 0.4f));
        augmentation.Adapt(2);
        Assert.Equal(0, augmentation.Probability.item<float>(), 1e-6f);
    }
}
