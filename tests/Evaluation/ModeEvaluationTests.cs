using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Evaluation.Tests;

public sealed class ModeEvaluationTests : IDisposable
{
    private const int Side = 4;

    private static readonly string[] _digits = ["0", "1", "2"];
    private static readonly string[] _modes = [.. from r in _digits from g in _digits from b in _digits select r + g + b];
    private static readonly double[] _shares = [.. Enumerable.Repeat(1 / 27.0, 27)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Side)]
    [InlineData(2 * Side)] // resized to the classifier's size
    public void The_first_channels_class_comes_first(int side)
    {
        using var modes = ModeEvaluation.Load(Reader(_digits), _modes, _shares);
        var images = Stacked(side, [0, 0, 0], [0, 1, 2], [2, 1, 0], [1, 0, 0]);
        Assert.Equal(["000", "012", "210", "100"], modes.Read(images).Select(mode => _modes[mode]));
        Assert.Empty(modes.Read(new ImageTensor(0, 3, side, side)));
    }

    [Fact]
    public void Modes_and_divergence_come_from_all_batches()
    {
        using var modes = ModeEvaluation.Load(Reader(_digits), _modes, _shares);
        int[][] all = [.. from r in Enumerable.Range(0, 3) from g in Enumerable.Range(0, 3) from b in Enumerable.Range(0, 3)
                          select new[] { r, g, b }];
        var progress = new List<long>();
        var whole = modes.Evaluate(all.Chunk(10).Select(batch => Stacked(Side, batch)), progress.Add);
        Assert.Equal([10, 20, 27], progress);
        Assert.Equal((27, 27, 27L), (whole.Modes, whole.DataModes, whole.Images));
        Assert.Equal(0, whole.KlDivergence, 12);
        var one = modes.Evaluate([Stacked(Side, [.. Enumerable.Repeat<int[]>([2, 2, 1], 30)])]);
        Assert.Equal(1, one.Modes);
        Assert.Equal(Math.Log(27), one.KlDivergence, 12);
        Assert.Equal(27, modes.LeastImages);
        Assert.Contains("26 samples cannot show 27 modes",
            Assert.Throws<ArgumentException>(() => modes.Evaluate([Stacked(Side, all[..26])])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_of_the_modes_may_be_the_datas()
    {
        // The order is the data's; a classifier's classes may come in another.
        using var modes = ModeEvaluation.Load(Reader("2", "1", "0"), ["210", "001"], [0.75, 0.25]);
        var images = Stacked(Side, [0, 1, 2], [2, 2, 1], [2, 2, 2], [0, 1, 2]); // 210, 001, 000, 210
        Assert.Equal([0, 1, -1, 0], modes.Read(images));
        var metrics = modes.Evaluate([images]);
        Assert.Equal((2, 2, 4L, 1L), (metrics.Modes, metrics.DataModes, metrics.Images, metrics.Outside));
    }

    [Fact]
    public void Two_channels_are_modes_too()
    {
        using var modes = ModeEvaluation.Load(Reader(_digits), ["00", "21"], [0.5, 0.5], channels: 2);
        Assert.Equal([1, -1], modes.Read(Stacked(Side, [2, 1], [1, 2])));
    }

    [Fact]
    public void A_classifier_that_does_not_fit_is_told()
    {
        Assert.Contains("reads pictures of 3 channels", Refused(Reader(3, LabelField.Categorical("class", _digits))));
        Assert.Contains("reads class, hat, but modes are told by one attribute",
            Refused(Reader(1, LabelField.Categorical("class", _digits), LabelField.Binary("hat"))));
        Assert.Contains("tells 2 classes apart, 0 to 1, that name 8 of the data's 27 modes, 000 to 222", Refused(Reader("0", "1")));
        Assert.Contains("that name 0 of the data's 27 modes", Refused(Reader("cat", "dog", "emu")));
        Assert.Contains("no features of that name: it needs an output logits", Refused(TestModels.Features));
        Assert.Throws<ModelException>(() => ModeEvaluation.Load(_folder["absent.onnx"], _modes, _shares));
        Assert.Throws<ArgumentException>(() => ModeEvaluation.Load(Reader(_digits), _modes, [1]));
        Assert.Throws<ArgumentException>(() => ModeEvaluation.Load(Reader(_digits), [], []));
        using var modes = ModeEvaluation.Load(Reader(_digits), _modes, _shares);
        Assert.Contains("have 1 channels, but modes of 3",
            Assert.Throws<ArgumentException>(() => modes.Read(new ImageTensor(1, 1, Side, Side))).Message, StringComparison.Ordinal);
        Assert.Throws<OperationCanceledException>(() =>
            modes.Evaluate([Stacked(Side, [0, 0, 0])], cancellationToken: new(canceled: true)));

        string Refused(string path) => Assert.Throws<ModelException>(() => ModeEvaluation.Load(path, _modes, _shares)).Message;
    }

    [Fact]
    public void A_gray_feature_space_takes_each_channel_by_itself()
    {
        using var evaluator = Evaluator.LoadByChannel(Reader(_digits), 3);
        Assert.Equal((3, 9), (evaluator.Channels, evaluator.FeatureCount));
        var set = evaluator.Extract([Stacked(2 * Side, [0, 1, 2], [1, 1, 1])]);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0], set.Vectors.ToArray());
        Assert.Contains("takes images of 3 channels",
            Assert.Throws<ModelException>(() => Evaluator.LoadByChannel(TestModels.Features, 3)).Message, StringComparison.Ordinal);
    }

    [SharedFact("data/mnist")]
    public void Real_stacked_digits_have_all_modes_and_nearly_no_divergence()
    {
        using var real = DataSets.Open(new DataOptions
        {
            Kind = "stacked-mnist", Path = Path.Combine(Repository.Shared, "data", "mnist"), Size = 32, Split = "test",
        });
        using var modes = ModeEvaluation.Load(
            Path.Combine(Repository.Root, "models", "mnist-classifier", "classifier.onnx"), real.Classes, real.ClassShares());
        int right = 0, read = 0;
        var metrics = modes.Evaluate(real.ReadBatches(26_000, 500).Select(batch =>
        {
            if (read < 6500)
            {
                right += modes.Read(batch.Images).Zip(batch.Indices, (mode, index) => mode == real.Label(index) ? 1 : 0).Sum();
                read += batch.Images.Count;
            }
            return batch.Images;
        }));
        Assert.Equal((1000, 26_000L, 0L), (metrics.Modes, metrics.Images, metrics.Outside));
        // A perfect generator has 999 / 52,000 = 0.0192 with a deviation of 0.0009 (half of a chi-squared of 999 by 26,000); what the
        // classifier reads wrong, 1 % of the digits, adds little.
        Assert.InRange(metrics.KlDivergence, 0.0192 - 4 * 0.0009, 0.0192 + 4 * 0.0009);
        Assert.InRange(metrics.KlError, 0.0009, 0.0016);
        // The classifier reads 99.33 % of single digits right at their own size; these went to 32 pixels and back to 28.
        Assert.InRange(right / 6500.0, 0.965, 0.98);
    }

    private string Reader(params string[] classes) => Reader(1, LabelField.Categorical("class", classes));

    private string Reader(int channels, params LabelField[] fields)
    {
        var path = _folder[$"{Guid.NewGuid():N}.onnx"];
        ChannelReader.Write(path, Side, channels, fields);
        return path;
    }

    /// <summary>Images whose channels have 1 at the place of the class, in a square where they are larger than the reader's.</summary>
    private static ImageTensor Stacked(int side, params int[][] classes)
    {
        var images = new ImageTensor(classes.Length, classes[0].Length, side, side);
        var scale = side / Side;
        for (var i = 0; i < classes.Length; i++)
            for (var c = 0; c < classes[i].Length; c++)
                for (var p = 0; p < scale * scale; p++)
                    images.Image(i)[(c * side + p / scale) * side + classes[i][c] * scale + p % scale] = 1;
        return images;
    }
}
