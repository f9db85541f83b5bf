using GanPipeline.Inference;
using GanPipeline.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Generators of images for wanted poses as files, and src/Inference reading them.</summary>
public class PoseGeneratorTests
{
    private static readonly ArchitectureOptions _architecture =
        new() { Name = "pose", Shape = new(3, 32, 32), ConditionChannels = 7, PoseChannels = 4, Filters = 3, Patch = 16 };

    private static GanNetworks Networks(int poseChannels = 4)
    {
        var networks = Architectures.Create(
            _architecture with { PoseChannels = poseChannels, ConditionChannels = 3 + poseChannels }, seed: 2);
        // The second stage begins with nothing.
        foreach (var (name, parameter) in networks.Generator.named_parameters())
            if (name == "second.output.conv.weight") init.normal_(parameter, 0, 0.1);
        networks.Generator.eval();
        return networks;
    }

    private static string Export(GanNetworks networks, PoseLayout pose, TemporaryFolder folder)
    {
        var result = GanExporter.ExportPoseGenerator(networks.Generator, networks.TranslateInStages, pose, networks.Shape,
            folder["pose-generator.onnx"], new() { Metadata = new Dictionary<string, string> { [ModelMetadata.Pipeline] = "test" } });
        Assert.InRange(result.MaxAbsDifference, 0, 1e-4);
        return result.Path;
    }

    private static ImageTensor Images(int count)
    {
        var random = new Random(3);
        return new([.. Enumerable.Range(0, count * 3 * 32 * 32).Select(_ => random.NextSingle() * 2 - 1)], count, 3, 32, 32);
    }

    [Fact]
    public void Images_for_wanted_views_are_torchs()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var networks = Networks();
        using var model = PoseGeneratorModel.Load(Export(networks, PoseLayout.View, folder), new() { BatchSize = 2 });
        Assert.Equal((3, 32, 32, PoseLayout.View, "test"),
            (model.Channels, model.Height, model.Width, model.Pose, model.Metadata[ModelMetadata.Pipeline]));

        var images = Images(5);
        // None whose sine or cosine is 0 but for Math's rounding: it would be another byte.
        ViewPose[] views = [new(0, 20), new(45, 30), new(-30, 0), new(268, 89), new(359, -40)];
        var planes = new ImageTensor(5, 4, 32, 32);
        for (var i = 0; i < 5; i++)
        {
            double[] values =
            [
                Math.Sin(views[i].Yaw * Math.PI / 180), Math.Cos(views[i].Yaw * Math.PI / 180), Math.Sin(views[i].Pitch * Math.PI / 180),
                Math.Cos(views[i].Pitch * Math.PI / 180),
            ];
            for (var at = 0; at < 4 * 1024; at++)
                planes.Image(i)[at] = (float)(Math.Floor(127.5 * (1 + values[at / 1024]) + 0.5) / 127.5 - 1);
        }
        using var untracked = no_grad();
        var (image, coarse) = networks.TranslateInStages(cat(
            [tensor(images.Values, [5, 3, 32, 32]), tensor(planes.Values, [5, 4, 32, 32])], 1));
        var made = model.Generate(images, views);
        Near(image, made);
        Near(image, model.Generate(images, planes));
        Near(coarse, model.GenerateCoarse(images, planes));
        Assert.True((image - coarse).abs().max().item<float>() > 0.1);
        // The picture changes with the view, and one picture is for all views.
        var turned = model.Generate(images.Slice(0, 1), views);
        Assert.All(made.Image(0).ToArray().Zip(turned.Image(0).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.True(turned.Image(0).ToArray().Zip(turned.Image(1).ToArray(), (a, b) => Math.Abs(a - b)).Max() > 1e-3);
        Assert.All(made.Values, value => Assert.InRange(value, -1, 1));
        Assert.Equal(0, model.Generate(Images(0), Array.Empty<ViewPose>()).Count);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => model.Generate(images, views, stopped.Token));

        static void Near(Tensor expected, ImageTensor made) =>
            Assert.All(expected.data<float>().ToArray().Zip(made.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Keypoints_are_spots_of_their_planes()
    {
        using var folder = new TemporaryFolder();
        using var networks = Networks(poseChannels: 2);
        var pose = PoseLayout.OfKeypoints(["head", "foot"], radius: 2);
        using var model = PoseGeneratorModel.Load(File.ReadAllBytes(Export(networks, pose, folder)));
        Assert.Equal(pose, model.Pose);
        var images = Images(2);
        var bytes = new byte[2 * 1024];
        pose.Write([(5, 20), null], 32, bytes);
        var planes = ImageTensor.FromBytes([.. bytes, .. bytes], 2, 2, 32, 32);
        (double, double)?[] points = [(5, 20), null];
        Assert.Equal(model.Generate(images, planes).Values, model.Generate(images, [points, points]).Values);
        Assert.Contains("are keypoints: head, foot",
            Assert.Throws<InvalidOperationException>(() => model.Generate(images, [new ViewPose(0, 0)])).Message, StringComparison.Ordinal);
        Assert.Contains("There are 2 keypoints; got 1",
            Assert.Throws<ArgumentException>(() => model.Generate(images, [points[..1], points])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        using var folder = new TemporaryFolder();
        using var networks = Networks();
        var path = Export(networks, PoseLayout.View, folder);
        using (var model = PoseGeneratorModel.Load(path))
        {
            Fails("The yaw is 400, but must be from -360 to 360 degrees.", () => model.Generate(Images(1), [new ViewPose(400, 0)]));
            Fails("The pitch is NaN", () => model.Generate(Images(1), [new ViewPose(0, double.NaN)]));
            Fails("There are 2 images and 3 poses", () => model.Generate(Images(2), new ViewPose[3]));
            Fails("The images are [3, 16, 16], the model", () => model.Generate(new ImageTensor(1, 3, 16, 16), new ViewPose[1]));
            Fails("The poses are [3, 32, 32], the model", () => model.Generate(Images(1), new ImageTensor(1, 3, 32, 32)));
            Assert.Throws<InvalidOperationException>(() => model.Generate(Images(1), [new (double, double)?[2]]));
        }
        var other = GanExporter.ExportPoseGenerator(networks.Generator, networks.TranslateInStages,
            PoseLayout.OfKeypoints(["a", "b", "c", "d"], 1), networks.Shape, folder["other.onnx"]);
        using (var keypoints = PoseGeneratorModel.Load(other.Path))
            Assert.Throws<InvalidOperationException>(() => keypoints.Generate(Images(1), [new ViewPose(0, 0)]));
        var translator = Architectures.Create(new() { Name = "pix2pix", Shape = new(3, 32, 32), ConditionChannels = 3, Filters = 2 });
        using (translator)
        {
            GanExporter.ExportTranslator(translator.Generator, 3, 32, 32, folder["translator.onnx"]);
            Assert.Contains("takes no images and poses", Assert.Throws<ModelException>(
                () => PoseGeneratorModel.Load(folder["translator.onnx"])).Message, StringComparison.Ordinal);
        }
        Assert.Contains("takes no images", Assert.Throws<ModelException>(() => TranslatorModel.Load(path)).Message,
            StringComparison.Ordinal);
        foreach (var (json, message) in new[]
        {
            (null, "its metadata have no GanPipeline.Pose"), ("{}", "The description of the pose cannot be read"),
            ("""{"kind":"gesture"}""", "Unknown kind 'gesture'"),
            ("""{"kind":"keypoints","names":["a"],"radius":1}""", "but by its metadata a pose has 1"),
        })
        {
            var model = Onnx.ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            var entry = model.MetadataProps.Single(entry => entry.Key == ModelMetadata.Pose);
            if (json is null) model.MetadataProps.Remove(entry);
            else entry.Value = json;
            Assert.Contains(message, Assert.Throws<ModelException>(
                () => PoseGeneratorModel.Load(Google.Protobuf.MessageExtensions.ToByteArray(model))).Message, StringComparison.Ordinal);
        }

        static void Fails(string message, Action act) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
    }
}
