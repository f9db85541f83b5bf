using System.Globalization;

namespace GanPipeline.Evaluation.Tests;

public sealed class InceptionScoreTests
{
    [Fact]
    public void Sure_and_even_is_the_number_of_classes_and_unsure_or_one_class_is_1()
    {
        Assert.Equal(5, Sure(100, i => i % 5).Mean, 1e-9);
        Assert.Equal(0, Sure(100, i => i % 5).Deviation, 1e-9);
        Assert.Equal(1, Sure(100, _ => 3).Mean, 1e-9);
        Assert.Equal(1, InceptionScore.Compute(new float[500], 5).Mean, 1e-12);
        // Two of the classes, three to one: the exponential of the entropy of 3/4 and 1/4.
        Assert.Equal(Math.Exp(-0.75 * Math.Log(0.75) - 0.25 * Math.Log(0.25)), Sure(80, i => i % 4 == 0 ? 1 : 2).Mean, 1e-9);

        static InceptionScore Sure(int images, Func<int, int> of) => InceptionScore.Compute(
            [.. Enumerable.Range(0, images).SelectMany(i => Enumerable.Range(0, 5).Select(k => k == of(i) ? 200f : 0))], 5);
    }

    [PeerFact("/usr/bin/python3", "-c", "import numpy")]
    public void NumPy_agrees()
    {
        using var folder = new TemporaryFolder();
        float[] logits = [.. Latents.Normal(1, 0, 203, 7).Select(v => 3 * v)]; // splits of 20 and 21
        File.WriteAllBytes(folder["x"], System.Runtime.InteropServices.MemoryMarshal.AsBytes(logits.AsSpan()).ToArray());
        var (_, answer, error) = Peers.Run(Peers.Python, "-c", $"""
            import numpy as np
            z = np.fromfile('{folder["x"]}', np.float32).astype(float).reshape(-1, 7)
            p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
            parts = [p[203 * i // 10:203 * (i + 1) // 10] for i in range(10)]
            s = [np.exp((q * np.log(q / q.mean(0))).sum(1).mean()) for q in parts]
            print(repr(np.mean(s)), repr(np.std(s)))
            """);
        Assert.True(error.Length == 0, error);
        double[] expected = [.. answer.Split(' ').Select(v => double.Parse(v, CultureInfo.InvariantCulture))];
        var found = InceptionScore.Compute(logits, 7);
        Assert.Equal(expected[0], found.Mean, 1e-9);
        Assert.Equal(expected[1], found.Deviation, 1e-9);
        Assert.Equal((10, 203), (found.Splits, found.Images));
    }

    [Fact]
    public void Images_that_pass_are_scored_by_a_classifier_with_classes()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["0", "1", "2"];
        ChannelReader.Write(folder["one.onnx"], 2, 1, LabelField.Categorical("digit", names));
        ChannelReader.Write(folder["two.onnx"], 2, 1, LabelField.Categorical("digit", names), LabelField.Binary("bold"));
        Assert.Null(ImageWatch.Open(folder["two.onnx"], 1));
        Assert.Null(ImageWatch.Open(folder["one.onnx"], 3));
        Assert.Null(ImageWatch.Open(TestModels.Features, 3));
        using var classifier = ImageWatch.Open(folder["one.onnx"], 1)!;
        var watch = new ImageWatch(classifier);
        var values = Latents.Normal(1, 0, 30, 4);
        ImageBatch[] batches = [.. new[] { 0, 18 }.Select(f => new ImageBatch(
            new ImageTensor(values[(f * 4)..((f == 0 ? 18 : 30) * 4)], f == 0 ? 18 : 12, 1, 2, 2), []))];
        Assert.Equal(batches, watch.Through(batches, default));
        Assert.Equal(values, watch.Pixels);
        float[] logits = [.. values.Chunk(4).SelectMany(image => image[..3])];
        Assert.Equal(InceptionScore.Compute(logits, 3).Mean, watch.Score()!.Mean, 1e-6);
        Assert.Null(watch.Score(splits: 16));
        Assert.Null(new ImageWatch(null).Score());
    }

    [Fact]
    public void Too_few_images_are_refused()
    {
        Assert.Contains("10 splits need 20 images or more; 19 given",
            Assert.Throws<ArgumentException>(() => InceptionScore.Compute(new float[38], 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => InceptionScore.Compute(new float[41], 2));
    }
}
