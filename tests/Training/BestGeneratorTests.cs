using System.Text.Json;
using GanPipeline.Data;

namespace GanPipeline.Training.Tests;

/// <summary>The generator with the best metric is kept beside the last one.</summary>
public class BestGeneratorTests
{
    private static TrainingResult Train(TrainingOptions options, IGeneratorEvaluator? evaluator, ITrainingObserver? observer = null)
    {
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        return new Trainer(networks, source, options, observer, evaluator).Run();
    }

    [Fact]
    public void The_lowest_metric_is_kept_with_its_step_and_weights()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 40) with { EvaluateEvery = 8 };
        var observer = new RecordingObserver();
        var result = Train(options, new Metrics(5, double.NaN, 3, 4, 3), observer);

        Assert.Equal(new EvaluatedGenerator(24, 3), result.Best);
        Assert.Equal([8L, 16, 24, 32, 40], observer.Evaluations.Select(evaluated => evaluated.Step));
        Assert.Equal([true, false, true, false, false], observer.Evaluations.Select(evaluated => evaluated.IsBest));
        var (path, evaluated) = Checkpoint.Best(folder["run"])!.Value;
        Assert.Equal(result.Best, evaluated);
        Assert.Equal(path, Assert.Single(Directory.GetDirectories(folder["run/best"])));
        Assert.Equal(24, Checkpoint.ReadInfo(path).Step);

        // The averaged generator of a training of 24 steps, and the discriminator beside it.
        using var kept = Checkpoint.LoadNetworks(path);
        using var trained = Checkpoint.LoadNetworks(
            Train(options with { Folder = folder["short"], Steps = 24, EvaluateEvery = 0 }, null).Checkpoint);
        Assert.True(Bits.Same(kept.Generator, trained.Generator));
        Assert.True(Bits.Same(kept.Discriminator, trained.Discriminator));
        Assert.Null(Checkpoint.Best(folder["short"]));

        var metrics = File.ReadLines(folder["run/metrics.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("step").GetInt64(), line => line.GetProperty("metric"));
        Assert.Equal([5L, 8, 10, 15, 16, 20, 24, 25, 30, 32, 35, 40], metrics.Keys);
        Assert.Equal(3, metrics[24].GetDouble());
        Assert.Equal(JsonValueKind.Null, metrics[16].ValueKind);
        Assert.Equal(JsonValueKind.Null, metrics[25].ValueKind);
    }

    [Fact]
    public void A_best_one_after_the_checkpoint_is_forgotten_with_the_steps_after_it()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 40) with { EvaluateEvery = 8, CheckpointEvery = 20 };
        // The best one of step 16 goes with the checkpoint of step 20; that of step 24 comes after it, and the process dies at step 32.
        Assert.Throws<InvalidOperationException>(() => Train(options, new Metrics(5, 4, 3)));
        Assert.Equal(["step-0000000016", "step-0000000024"], Directory.GetDirectories(folder["run/best"]).Select(Path.GetFileName).Order());
        var observer = new RecordingObserver();
        var result = Train(options, new Metrics(6, 7, 8), observer);
        Assert.Equal(20, result.FirstStep);
        Assert.Equal([false, false, false], observer.Evaluations.Select(evaluated => evaluated.IsBest));
        Assert.Equal(new EvaluatedGenerator(16, 4), result.Best);
        Assert.Equal("step-0000000016", Path.GetFileName(Assert.Single(Directory.GetDirectories(folder["run/best"]))));
    }

    [Fact]
    public void A_lost_best_one_is_told_and_the_next_takes_its_place()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 16) with { EvaluateEvery = 8 };
        Train(options, new Metrics(5, 6));
        Directory.Delete(folder["run/best/step-0000000008"], recursive: true);
        var observer = new RecordingObserver();
        var result = Train(options with { Steps = 24 }, new Metrics(7), observer);
        Assert.Contains("step 8, is lost", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(new EvaluatedGenerator(24, 7), result.Best);
    }

    [Fact]
    public void An_evaluator_sees_what_the_exported_model_draws()
    {
        using var folder = new TemporaryFolder();
        float[]? seen = null;
        var evaluator = new Watching(
            generator => seen = [.. generator.SampleBatches(70, seed: 4).SelectMany(batch => batch.Values.ToArray())]);
        var result = Train(TrainingProcess.Options(folder["run"], 8) with { EvaluateEvery = 8 }, evaluator);
        using var networks = Checkpoint.LoadNetworks(result.Checkpoint);
        Assert.Equal(GeneratorSamples.Draw(networks, 70, seed: 4).Values.ToArray(), seen);
    }

    [Fact]
    public void An_evaluator_of_a_conditional_generator_sees_every_class_alike()
    {
        using var folder = new TemporaryFolder();
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape); // 256 pictures, four classes by turns
        var labels = LabelLayout.Select(((IImageSource)source).Attributes, [LabelField.Class]);
        float[]? seen = null;
        var evaluator = new Watching(
            generator => seen = [.. generator.SampleBatches(64, seed: 4).SelectMany(batch => batch.Values.ToArray())]);
        using var networks = Architectures.Create(TrainingProcess.Architecture with { LabelSize = labels.Size }, seed: 3);
        var result = new Trainer(
            networks,
            source,
            TrainingProcess.Options(folder["run"], 8) with { EvaluateEvery = 8, Labels = labels },
            null,
            evaluator).Run();

        int[] classes = [.. Spread.Indices(64, source.Count).Select(source.Label)];
        Assert.All(classes.CountBy(c => c), c => Assert.Equal(16, c.Value));
        float[] vectors = [.. classes.SelectMany(c => Enumerable.Range(0, 4).Select(i => i == c ? 1f : 0))];
        using var trained = Checkpoint.LoadNetworks(result.Checkpoint);
        Assert.Equal(GeneratorSamples.Draw(trained, 64, seed: 4, labels: vectors).Values.ToArray(), seen);
    }

    [Fact]
    public void Evaluations_without_an_evaluator_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Train(TrainingProcess.Options("unused", 8) with { EvaluateEvery = 8 }, null));
        Assert.Contains("every 8 steps", error.Message, StringComparison.Ordinal);
    }

    private sealed class Metrics(params double[] metrics) : IGeneratorEvaluator
    {
        private readonly Queue<double> _metrics = new(metrics);

        public double Evaluate(GeneratorInTraining generator) => _metrics.Dequeue();
    }

    private sealed class Watching(Action<GeneratorInTraining> look) : IGeneratorEvaluator
    {
        public double Evaluate(GeneratorInTraining generator)
        {
            look(generator);
            return 1;
        }
    }
}
