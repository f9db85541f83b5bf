using System.Buffers.Binary;
using Tensorboard;

namespace GanPipeline.Training.Tests;

/// <summary>The events for TensorBoard, read back.</summary>
public class TensorboardTests
{
    [Fact]
    public void Events_have_what_the_training_shows()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 10) with { Tensorboard = true, LogEvery = 5, SampleEvery = 10 };
        var observer = new RecordingObserver();
        Train(options, observer);

        var events = Read(folder["run/tensorboard"]).ToArray();
        var values = events.Where(e => e.Summary is not null)
            .SelectMany(e => e.Summary.Value.Select(value => (e.Step, Value: value))).ToArray();
        Assert.Equal(
            observer.Lines.Select(line => (line.Step, (float)line.GeneratorLoss)),
            values.Where(v => v.Value.Tag == "loss/generator").Select(v => (v.Step, v.Value.SimpleValue)));
        Assert.Equal(
            observer.Lines.Select(line => (float)line.DiscriminatorGradientNorm),
            values.Where(v => v.Value.Tag == "gradient norm/discriminator").Select(v => v.Value.SimpleValue));
        var grids = values.Where(v => v.Value.Tag == "samples").ToArray();
        Assert.Equal([0, 10], grids.Select(v => v.Step));
        var last = grids[^1].Value.Image.EncodedImageString.Span;
        Assert.Equal((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G'], last[..4].ToArray());
        // Before the first step there are weights and no gradients.
        Assert.DoesNotContain(values, v => v.Step == 0 && v.Value.Tag.Contains("gradients", StringComparison.Ordinal));
        var histogram = Assert.Single(values, v => v.Step == 10 && v.Value.Tag == "generator gradients/conv1.weight").Value.Histo;
        Assert.True(histogram.Num > 0 && histogram.Bucket.Sum() == histogram.Num);
        Assert.Equal(histogram.Bucket.Count, histogram.BucketLimit.Count);
        var text = Assert.Single(values, v => v.Value.Tag.StartsWith("options", StringComparison.Ordinal)).Value.Tensor;
        Assert.Contains("| learningRate | 0.0002 |", text.StringVal[0].ToStringUtf8());
    }

    [Fact]
    public void A_training_that_begins_anew_has_its_own_events_alone()
    {
        using var folder = new TemporaryFolder();
        var options = TrainingProcess.Options(folder["run"], 4) with { Tensorboard = true, LogEvery = 2, SampleEvery = 0 };
        Train(options);
        Train(options with { Steps = 6 });
        Assert.Equal([2, 4, 6], Steps());
        Train(options with { StartOver = true });
        Assert.Equal([2, 4], Steps());

        long[] Steps() => [.. Read(folder["run/tensorboard"]).Where(e => e.Summary?.Value[0].Tag == "loss/generator").Select(e => e.Step)];
    }

    private static void Train(TrainingOptions options, ITrainingObserver? observer = null)
    {
        using var networks = Architectures.Create(TrainingProcess.Architecture, seed: 3);
        using var images = new SyntheticSource(TrainingProcess.Architecture.Shape);
        new Trainer(networks, images, options, observer).Run();
    }

    /// <summary>Records are a length, its checksum, as many bytes, and their checksum.</summary>
    private static IEnumerable<Event> Read(string folder)
    {
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            for (var at = 0; at < bytes.Length;)
            {
                var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
                yield return Event.Parser.ParseFrom(bytes, at + 12, length);
                at += 12 + length + 4;
            }
        }
    }
}
