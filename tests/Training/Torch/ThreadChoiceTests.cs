using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

public class ThreadChoiceTests
{
    [Theory]
    [InlineData("8: 0.02", 8)] // Faster with all.
    [InlineData("8: 0.02, 4: 0.019", 8)] // By too little to count.
    [InlineData("8: 0.02, 4: 0.012, 2: 0.006, 1: 0.008", 2)]
    [InlineData("8: 0.02, 4: 0.012, 2: 0.006, 1: 0.003", 1)]
    [InlineData("8: 0.3, 4: 0.4", 8)]
    [InlineData("8: 30, 4: 6, 2: 0.4, 1: 0.3", 1)] // Beside other programs.
    public void Threads_are_halved_as_long_as_a_step_gets_faster(string seconds, int threads)
    {
        var times = seconds.Split(", ").Select(pair => pair.Split(": ")).ToDictionary(
            pair => int.Parse(pair[0], System.Globalization.CultureInfo.InvariantCulture),
            pair => double.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture));
        var choice = ThreadChoice.Measure(8, (count, rounds) =>
        {
            // A long step is made with fewer threads once.
            Assert.Equal(count == 8 || times[8] < 0.1 ? 3 : 1, rounds);
            return times.GetValueOrDefault(count, 1);
        });
        Assert.Equal(threads, choice.Threads);
        Assert.NotEmpty(choice.Reason);
    }

    [Theory]
    [InlineData(3, null, 3)]
    [InlineData(3, 2, 3)]
    [InlineData(null, 2, 2)]
    public void What_was_asked_for_or_begun_with_is_taken_without_a_measurement(int? asked, int? kept, int threads)
    {
        var before = get_num_threads();
        try
        {
            var trial = new StepTrial(CPU, () => throw new InvalidOperationException("measured"));
            Assert.Equal(threads, ThreadChoice.Make(asked, kept, CPU, trial, () => { }).Threads);
            Assert.Equal(threads, get_num_threads());
            Assert.Equal(Environment.ProcessorCount, ThreadChoice.Make(0, kept, CPU, trial, () => { }).Threads);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [Fact]
    public void A_training_goes_on_with_the_threads_that_it_began_with()
    {
        using var folder = new TemporaryFolder();
        using var source = new SyntheticSource(TrainingProcess.Architecture.Shape);
        var options = TrainingProcess.Options(folder.Path, 3) with { Threads = 3 };
        using (var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3)) new Trainer(networks, source, options).Run();
        using var again = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        var observer = new RecordingObserver();
        var result = new Trainer(again, source, options with { Threads = null, Steps = 5 }, observer).Run();
        Assert.Equal((3, "as the training began"), (result.Threads, observer.Start!.ThreadsReason));
        Assert.Equal(3, Checkpoint.ReadInfo(result.Checkpoint).Threads);
    }
}
