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
    public void A_training_ends_where_patience_does_and_goes_on_with_more_of_it()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 80) with { EvaluateEvery = 8, Patience = 2 };
        var ended = Train(options, new Metrics(5, 3, 4, 3));
        Assert.Equal((true, 32L, 16L), (ended.Finished, ended.Step, ended.Best!.Step));
        Assert.Equal("no better metric in 2 evaluations since step 16", ended.EndedBy);
        // Nothing is left to do, and nothing is evaluated.
        var again = Train(options, new Metrics());
        Assert.Equal((true, 32L, 32L, ended.EndedBy), (again.Finished, again.Step, again.FirstStep, again.EndedBy));
        // One more evaluation is better, and two after it are not.
        var more = Train(options with { Patience = 3 }, new Metrics(2, 4, 4, 4));
        Assert.Equal((true, 32L, 64L, 40L), (more.Finished, more.FirstStep, more.Step, more.Best!.Step));
        var whole = Train(options with { Folder = folder["whole"], Patience = 0, Steps = 64 }, new Metrics(9, 8, 7, 6, 5, 4, 3, 2));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Checkpoint, "weights.safetensors")),
            File.ReadAllBytes(Path.Combine(more.Checkpoint, "weights.safetensors")));
        Assert.Null(whole.EndedBy);
    }

    [Fact]
    public void A_training_ends_when_its_minutes_are_over()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 20) with { MaxMinutes = 1e-9 };
        var ended = Train(options, null);
        Assert.Equal((true, 0L, "1E-09 minutes are over"), (ended.Finished, ended.Step, ended.EndedBy));
        var rest = Train(options with { MaxMinutes = 1e6 }, null);
        Assert.Equal((true, 20L, null), (rest.Finished, rest.Step, rest.EndedBy));
    }

    [Theory]
    [InlineData(-1, 8, 0, "at least 0")]
    [InlineData(2, 0, 0, "there are none")]
    [InlineData(0, 0, -1, "at least 0")]
    [InlineData(0, 0, double.NaN, "at least 0")]
    public void An_end_that_cannot_be_says_why(int patience, int every, double minutes, string why)
    {
        var options = TrainingProcess.Options("unused", 20) with { Patience = patience, EvaluateEvery = every, MaxMinutes = minutes };
        Assert.Contains(why, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
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
