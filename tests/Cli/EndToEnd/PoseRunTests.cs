using GanPipeline.Inference;

namespace GanPipeline.Cli.Tests;

/// <summary>Pictures for wanted views, from data to a model that is measured and used.</summary>
public sealed class PoseRunTests : IDisposable
{
    private static readonly string[] _pose =
    [
        "--set", "data.channels=3", "--set", "data.pair=pose", "--set", "architecture.name=pose", "--set", "evaluate.samples=100",
        "--set", "objective.l1=100", "--set", "train.flip=false", "--set", "data.limit=12",
    ];

    private readonly TinyWorld _world = new();

    public PoseRunTests() =>
        // Latents are what a generator of images has not.
        File.WriteAllText(_world["pipelines.yaml"], TinyWorld.Yaml.Replace(", latent-size: 8", "", StringComparison.Ordinal));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Poses_are_trained_exported_measured_shown_and_used()
    {
        var run = _world.GanOk(["run", "tiny", .. _pose, "--set", "train.first-stage-steps=3", "--set",
            "export.float16=true", "--set", "export.int8=true", "--json"]).Json;
        var stages = run["stages"]!;
        Assert.InRange((double)stages["export"]!["maxAbsDifference"]!["pose-generator.onnx"]!, 0, 1e-4);
        var evaluated = stages["evaluate"]!;
        foreach (var name in new[] { "outputs", "coarse", "input", "meanImage", "nearest", "training" })
        {
            Assert.InRange((double)evaluated[name]!["l1"]!, 1e-6, 1);
            Assert.True((double)evaluated[name]!["l1Error"]! > 0);
        }
        // The reader is right on the targets, and on outputs of few steps it is not.
        var read = evaluated["read"]!;
        Assert.InRange((double)read["targets"]!["near"]!, 0.9, 1);
        Assert.InRange((double)read["targets"]!["kind"]!, 0.9, 1);
        Assert.InRange((double)read["targets"]!["medianError"]!, 0, 2);
        Assert.InRange((double)read["outputs"]!["near"]!, 0, 0.8);
        var report = File.ReadAllText(_world.Run("report.html"));
        Assert.Contains("How close to the target", report, StringComparison.Ordinal);
        Assert.Contains("Bricks once around", report, StringComparison.Ordinal);
        Assert.Contains("view within 5 degrees", report, StringComparison.Ordinal);
        var card = File.ReadAllText(_world.Run("models/README.md"));
        Assert.Contains("`pose` float32 [N, 4, 32, 32]", card, StringComparison.Ordinal);
        Assert.Contains("sine and cosine of the yaw", card, StringComparison.Ordinal);
        // A row of the given picture and twelve views, in truth and made, of each brick: so small a grid has one. Lines lie between.
        var turn = SixLabors.ImageSharp.Image.Identify(_world.Run("samples/turn.png"));
        Assert.Equal(13.0 / 2, (double)turn.Width / turn.Height, 0.2);

        // As for the networks of PairRunTests, with 38 layers, most of them in a row: 2 % times the root of 32 is 11 %, twice that for 15 pairs.
        foreach (var (name, most) in new[] { ("pose-generator-float16.onnx", 38 / 2048.0), ("pose-generator-int8.onnx", 0.22) })
        {
            Assert.InRange((double)stages["export"]!["reduced"]![name]!["relativeError"]!, 1e-6, most);
            Assert.Contains(name, report, StringComparison.Ordinal);
            Assert.Contains($"| `{name}` |", card, StringComparison.Ordinal);
            using var form = PoseGeneratorModel.Load(_world.Run($"models/{name}"));
            Assert.Equal(1, form.Generate(new ImageTensor(1, 3, 32, 32), [new ViewPose(20, 30)]).Count);
            var (l1, whole) = ((double)evaluated["reduced"]![name]!["l1"]!, (double)evaluated["outputs"]!["l1"]!);
            if (name.EndsWith("int8.onnx", StringComparison.Ordinal)) Assert.NotEqual(whole, l1);
            Assert.Equal(whole, l1, most * whole);
        }
        var withoutData = _world.Gan("reduce", "runs/tiny/models/pose-generator.onnx");
        Assert.Contains("is a pose generator and takes images. --data names some", withoutData.Error, StringComparison.Ordinal);
        var reduced = _world.GanOk("reduce", "runs/tiny/models/pose-generator.onnx", "--data", "bricks", "--channels", "3", "--rows", "8",
            "--out", "made.onnx", "--json").Json;
        Assert.Equal("pose generator", (string?)reduced["kind"]);
        Assert.InRange((double)reduced["losses"]!["translation"]!["relativeError"]!, 1e-4, 0.22);

        using var model = PoseGeneratorModel.Load(_world.Run("models/pose-generator.onnx"));
        Assert.Equal((3, 32, PoseLayout.View), (model.Channels, model.Height, model.Pose));
        Pictures.SavePng(new ImageTensor(1, 3, 50, 40), 0, _world["brick.png"]);
        _world.GanOk("pose", "runs/tiny", "--in", "brick.png", "--yaw", "-30.5", "--pitch", "35", "--out", "made/one.png");
        Assert.Equal((32, 32), Size("made/one.png"));
        _world.GanOk("pose", "runs/tiny", "--in", "brick.png", "--yaw", "350", "--pitch", "35", "--turn", "6", "--out", "turn.png");
        Assert.Equal(6.0, (double)Size("turn.png").Width / Size("turn.png").Height, 0.5);
        foreach (var (angles, message) in new[]
        {
            ((string[])["--yaw", "400", "--pitch", "0"], "The yaw is 400"),
            (["--yaw", "0", "--pitch", "up"], "must be a number of degrees"), (["--yaw", "0"], "--pitch"),
        })
        {
            var failed = _world.Gan(["pose", "runs/tiny", "--in", "brick.png", .. angles]);
            Assert.NotEqual(0, failed.Code);
            Assert.Contains(message, failed.Error, StringComparison.Ordinal);
        }

        (int Width, int Height) Size(string file) =>
            SixLabors.ImageSharp.Image.Identify(_world[file]) is var info ? (info.Width, info.Height) : default;
    }

    [Theory]
    [InlineData("data.pair=edges", "takes an image alone|learns from an image and a wanted pose")]
    [InlineData("architecture.name=pix2pix", "architecture.name: pose learns")]
    [InlineData("train.first-stage-steps=0", "is trained alone at first")]
    [InlineData("train.flip=true", "another pose")]
    [InlineData("evaluate.reader=x", "makes them of poses")]
    [InlineData("data.direction=b-to-a", "has one direction")]
    public void What_does_not_go_together_is_said(string set, string message)
    {
        var failed = _world.Gan(["run", "tiny", .. _pose, "--set", "train.first-stage-steps=3", "--set", set]);
        Assert.NotEqual(0, failed.Code);
        Assert.Contains(message.Split('|'), part => failed.Error.Contains(part, StringComparison.Ordinal));
    }
}
