using System.Text;
using System.Text.Json;
using GanPipeline.Training;

namespace GanPipeline.Studio.Tests;

public class LabMessagesTests
{
    private static LabCommand Command(string text) => LabMessages.Command(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_page_can_say_everything()
    {
        var play = Command("""{"action":"play","speed":"slow"}""");
        Assert.Equal((LabAction.Play, LabSpeed.Slow), (play.Action, play.Speed));
        var settings = JsonSerializer.Serialize(LabPresets.All[1].Value, StudioJson.Options);
        var change = Command($$"""{"action":"change","settings":{{settings}}}""");
        Assert.Equal(settings, JsonSerializer.Serialize(change.Settings, StudioJson.Options));
        Assert.Contains("\"loss\":\"cross-entropy\"", settings, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"action":"explode"}""")]
    [InlineData("""{"action":7}""")]
    [InlineData("""{"action":"play","speed":"1"}""")]
    [InlineData("""{"action":"change"}""")]
    [InlineData("""{"action":"change","settings":{"data":"cube"}}""")]
    [InlineData("""{"action":"change","settings":{"batchSize":"12"}}""")]
    [InlineData("""{"action":"play","other":1}""")]
    [InlineData("""{"action":"play" """)]
    public void What_is_no_command_is_refused(string text) => Assert.Throws<ArgumentException>(() => Command(text));

    [Fact]
    public void A_frame_can_be_read_again()
    {
        var frame = new LabFrame
        {
            Round = 7, DiscriminatorSteps = 8, GeneratorSteps = 9, DiscriminatorLoss = double.NaN, GeneratorLoss = 2, KullbackLeibler = 3,
            JensenShannon = 4, RealAccuracy = 0.5, GeneratedAccuracy = 0.25, Conditions = ["mode-collapse"], Generated = [1, 2],
            Gradients = [3, 4], Judgements = [5], Manifold = [6, 7, 8, 9],
        };
        var bytes = LabMessages.Frame(frame, real: [10, 11], isPlaying: true, LabPhase.GeneratorUpdated, roundsPerSecond: 12);
        var length = BitConverter.ToInt32(bytes);
        Assert.Equal(0, length % 4);
        var header = JsonDocument.Parse(bytes.AsMemory(4, length)).RootElement;
        Assert.Equal(JsonValueKind.Null, header.GetProperty("discriminatorLoss").ValueKind);
        Assert.Equal("generator-updated", header.GetProperty("phase").GetString());
        var arrays = header.GetProperty("arrays").EnumerateArray().Select(array => array.GetProperty("length").GetInt32()).ToArray();
        Assert.Equal([2, 2, 2, 1, 4], arrays);
        var values = Enumerable.Range(0, 11).Select(i => BitConverter.ToSingle(bytes, 4 + length + 4 * i));
        Assert.Equal([10, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9], values);
        Assert.Equal(4 + length + 4 * 11, bytes.Length);
    }

    [Fact]
    public void Wrong_settings_are_named()
    {
        var network = new LabNetworkSettings { Layers = 0, Width = 500, LearningRate = double.NaN, Steps = 11 };
        var problems = new LabSettings
        {
            Data = LabShape.Drawn, LatentSize = 3, Loss = GanLoss.Hinge, GradientPenalty = -1, R1 = 101, Averaging = 1, BatchSize = 1,
            Generator = network,
        }.Problems().Select(problem => problem.Key);
        string[] expected =
        [
            "drawn", "latentSize", "loss", "gradientPenalty", "r1", "averaging", "batchSize", "generator.layers", "generator.width",
            "generator.learningRate", "generator.steps",
        ];
        Assert.Equal(expected, problems);
        Assert.Contains(new LabSettings { Drawn = [0.5f, 2] }.Problems(), problem => problem.Key == "drawn");
        Assert.Contains(new LabSettings { Drawn = [0.5f] }.Problems(), problem => problem.Key == "drawn");
        Assert.All(LabPresets.All, preset => Assert.Empty(preset.Value.Problems()));
    }
}
