using GanPipeline.Training;

namespace GanPipeline.Studio.Tests;

public class LabTrainingTests
{
    private static LabSettings Preset(string name) => LabPresets.All.Single(preset => preset.Key == name).Value;

    /// <summary>Trains until something is so, at most so many rounds.</summary>
    private static bool Reaches(LabTraining lab, int rounds, Func<LabFrame, bool> isSo)
    {
        for (var round = 1; round <= rounds; round++)
        {
            lab.StepRound();
            if (round % 100 == 0 && isSo(lab.Frame())) return true;
        }
        return false;
    }

    [Fact]
    public void A_single_step_changes_the_network_that_it_should_and_no_other()
    {
        using var lab = new LabTraining(new());
        var (generator, discriminator) = lab.Weights;
        lab.StepDiscriminator();
        Assert.Equal(generator, lab.Weights.Generator);
        Assert.NotEqual(discriminator, lab.Weights.Discriminator);
        discriminator = lab.Weights.Discriminator;
        lab.StepGenerator();
        Assert.NotEqual(generator, lab.Weights.Generator);
        Assert.Equal(discriminator, lab.Weights.Discriminator);
        var frame = lab.Frame();
        Assert.Equal((1, 1, 0), (frame.DiscriminatorSteps, frame.GeneratorSteps, frame.Round));
        // A look changes nothing.
        Assert.Equal(discriminator, lab.Weights.Discriminator);
    }

    [Theory]
    [InlineData(GanLoss.CrossEntropy)]
    [InlineData(GanLoss.LeastSquares)]
    [InlineData(GanLoss.Wasserstein)]
    [InlineData(GanLoss.Relativistic)]
    public void Every_loss_brings_the_points_nearer_and_equal_settings_train_equally(GanLoss loss)
    {
        var settings = Preset("balanced") with { Loss = loss, R1 = loss == GanLoss.Wasserstein ? 0 : 0.05, Averaging = 0 };
        using var lab = new LabTraining(settings);
        var first = lab.Frame();
        for (var i = 0; i < 400; i++) lab.StepRound();
        var last = lab.Frame();
        Assert.True(last.JensenShannon < 0.75 * first.JensenShannon, $"{first.JensenShannon} to {last.JensenShannon}");
        Assert.All(last.Generated.Concat(last.Gradients).Concat(last.Manifold), x => Assert.True(float.IsFinite(x)));
        Assert.All(last.Judgements, x => Assert.InRange(x, 0, 1));

        using var again = new LabTraining(settings);
        for (var i = 0; i < 400; i++) again.StepRound();
        Assert.Equal(lab.Weights.Generator, again.Weights.Generator);
        Assert.Equal(lab.Weights.Discriminator, again.Weights.Discriminator);
        // And so does one that begins anew.
        lab.Restart();
        for (var i = 0; i < 400; i++) lab.StepRound();
        Assert.Equal(lab.Weights.Generator, again.Weights.Generator);
    }

    /// <summary>Labs train in one process, beside others and whatever else draws random numbers there.</summary>
    [Fact]
    public async Task What_others_draw_changes_nothing()
    {
        var settings = Preset("wasserstein");
        using var alone = new LabTraining(settings);
        for (var i = 0; i < 50; i++) alone.StepRound();
        using var stop = new CancellationTokenSource();
        var others = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) TorchSharp.torch.rand(1).Dispose();
        });
        using var beside = new LabTraining(settings);
        for (var i = 0; i < 50; i++) beside.StepRound();
        await stop.CancelAsync();
        await others;
        Assert.Equal(alone.Weights.Generator, beside.Weights.Generator);
        Assert.Equal(alone.Weights.Discriminator, beside.Weights.Discriminator);
    }

    [Fact]
    public void The_balanced_preset_converges_and_is_healthy()
    {
        using var lab = new LabTraining(Preset("balanced"));
        // 0.29 to 0.35 was measured from 1,000 rounds on.
        Assert.True(Reaches(lab, 3000, frame => frame.Round >= 1000 && frame.KullbackLeibler < 0.45));
        Assert.DoesNotContain("mode-collapse", lab.Frame().Conditions);
        Assert.DoesNotContain("divergence", lab.Frame().Conditions);
    }

    [Theory]
    [InlineData("collapse", "mode-collapse")]
    [InlineData("generator-too-strong", "generator-dominates")]
    [InlineData("discriminator-too-strong", "discriminator-dominates")]
    public void A_situation_is_named_by_the_diagnosis(string preset, string condition)
    {
        using var lab = new LabTraining(Preset(preset));
        Assert.True(Reaches(lab, 5000, frame => frame.Conditions.Contains(condition)), string.Join(", ", lab.Frame().Conditions));
    }

    [Fact]
    public void Settings_change_while_it_trains()
    {
        using var lab = new LabTraining(new());
        lab.StepRound();
        var (generator, discriminator) = lab.Weights;
        // What is no matter of layers keeps the networks.
        var settings = lab.Settings with
        {
            Loss = GanLoss.Relativistic,
            Data = LabShape.Spiral,
            Generator = lab.Settings.Generator with { LearningRate = 0.5, Optimizer = LabOptimizer.Sgd },
        };
        lab.Change(settings);
        Assert.Equal(generator, lab.Weights.Generator);
        Assert.Equal(discriminator, lab.Weights.Discriminator);
        lab.StepRound();
        // Other layers begin anew, in one network.
        discriminator = lab.Weights.Discriminator;
        lab.Change(settings with { Generator = settings.Generator with { Layers = 3 } });
        Assert.NotEqual(generator.Length, lab.Weights.Generator.Length);
        Assert.Equal(discriminator, lab.Weights.Discriminator);
        Assert.Equal(2, lab.Rounds);
        // So does noise of another dimension; the grid becomes a line.
        lab.Change(settings with { LatentSize = 1 });
        Assert.Equal(2 * LabTraining.ManifoldLength, lab.Frame().Manifold.Length);
        lab.StepRound();
        // A wrong setting changes nothing.
        var before = lab.Settings;
        Assert.Throws<ArgumentException>(() => lab.Change(settings with { BatchSize = 0 }));
        Assert.Equal(before, lab.Settings);
    }

    [Fact]
    public void Gradients_point_to_where_the_generators_loss_falls()
    {
        using var lab = new LabTraining(Preset("balanced"));
        for (var i = 0; i < 200; i++) lab.StepDiscriminator();
        // The generator has not moved: its points are a cloud in the ring's middle, whose way to the ring is outwards.
        var frame = lab.Frame();
        var outwards = Enumerable.Range(0, frame.Gradients.Length / 2)
            .Where(i => Math.Abs(Math.Sqrt(frame.Generated[2 * i] * frame.Generated[2 * i]
                + frame.Generated[2 * i + 1] * frame.Generated[2 * i + 1]) - 0.3) < 0.15)
            .Select(i => frame.Generated[2 * i] * frame.Gradients[2 * i] + frame.Generated[2 * i + 1] * frame.Gradients[2 * i + 1] > 0)
            .ToArray();
        Assert.True(outwards.Length > 10);
        Assert.True(outwards.Count(isOutwards => isOutwards) > 0.8 * outwards.Length);
    }
}
