using System.Net;
using GanPipeline.Data;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;
using Microsoft.AspNetCore.Builder;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Studio.Tests;

/// <summary>What the pages of translators and pose generators ask for.</summary>
public sealed class ImageModelsTests : ServedTests
{
    private const int Side = 32;

    private readonly TemporaryFolder _folder = new();

    protected override WebApplication Create()
    {
        Run("drawn", "classes");
        NegativeModel.Write(_folder["runs/drawn/models/translator.onnx"], 3, Side, Side);
        NegativeModel.Write(_folder["runs/drawn/models/translator-back.onnx"], 1, Side, Side);
        Run("posed", "pose");
        ExportPose(PoseLayout.View, _folder["runs/posed/models/pose-generator.onnx"]);
        ExportPose(PoseLayout.OfKeypoints(["head", "hand"], 2), _folder["models/keypoints/pose-generator.onnx"]);
        return StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, null) with
        {
            Runs = _folder["runs"], Models = _folder["models"],
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _folder.Dispose();
    }

    private void Run(string name, string pair)
    {
        Directory.CreateDirectory(_folder[$"runs/{name}/models"]);
        File.WriteAllText(_folder[$"runs/{name}/settings.json"], $$"""
            { "set": {}, "pipelines": { "{{name}}": {
                "data": { "kind": "bricks", "size": {{Side}}, "pair": "{{pair}}", "count": 50 },
                "architecture": { "name": "{{(pair == "pose" ? "pose" : "pix2pix")}}" },
                "train": { "steps": 8, "first-stage-steps": {{(pair == "pose" ? 4 : 0)}} } } } }
            """);
    }

    private static void ExportPose(PoseLayout pose, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new()
        {
            Name = "pose", Shape = new(1, Side, Side), ConditionChannels = 1 + pose.Channels, PoseChannels = pose.Channels, Filters = 3,
            Patch = 16,
        }, seed: 2);
        // The second stage begins with nothing.
        foreach (var (name, parameter) in networks.Generator.named_parameters())
            if (name == "second.output.conv.weight") init.normal_(parameter, 0, 0.1);
        networks.Generator.eval();
        GanExporter.ExportPoseGenerator(networks.Generator, networks.TranslateInStages, pose, networks.Shape, path);
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(string path, byte[] pixels, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address(path)) { Content = new ByteArrayContent(pixels) };
        request.Headers.Add("Origin", origin ?? Origin);
        // A body that is refused is not sent, so that the refusal is not lost with the connection.
        request.Headers.ExpectContinue = true;
        using var answer = await Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>A canvas's pixels, and the picture that they are.</summary>
    private static (byte[] Pixels, ImageTensor Image) Canvas(int channels)
    {
        var random = new Random(1);
        var pixels = new byte[4 * Side * Side];
        random.NextBytes(pixels);
        var planes = new byte[channels * Side * Side];
        for (var i = 0; i < Side * Side; i++)
        {
            var (red, green, blue) = (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2]);
            if (channels == 1) planes[i] = (byte)Math.Round(0.299 * red + 0.587 * green + 0.114 * blue);
            else (planes[i], planes[Side * Side + i], planes[2 * Side * Side + i]) = (red, green, blue);
        }
        return (pixels, ImageTensor.FromBytes(planes, 1, channels, Side, Side));
    }

    [Theory]
    [InlineData("translator", 3)]
    [InlineData("translator-back", 1)]
    public async Task A_canvas_goes_through_the_network(string page, int channels)
    {
        var (pixels, image) = Canvas(channels);
        for (var i = 0; i < image.Values.Length; i++) image.Values[i] = -image.Values[i];
        var (status, png) = await PostAsync($"/runs/drawn/models/{page}/picture.png?width={Side}&height={Side}", pixels);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Pictures.EncodePng(image, 0), png);
    }

    [Fact]
    public async Task Examples_are_pairs_that_no_training_sees_and_the_palette_is_that_of_their_maps()
    {
        using var pairs = DataSets.Open(new() { Kind = "bricks", Size = Side, Pair = "classes", Count = 50, Split = "test" });
        var pixels = new byte[pairs.Shape.Size];
        Assert.True(pairs.TryRead(7, pixels));
        var pair = ImageTensor.FromBytes(pixels, 1, 4, Side, Side);
        var (map, render) = (Pictures.EncodePng(pair.SelectChannels(0, 3), 0), Pictures.EncodePng(pair.SelectChannels(3, 1), 0));
        Assert.Equal(map, await Client.GetByteArrayAsync(Address("/runs/drawn/models/translator/input.png?index=7")));
        Assert.Equal(render, await Client.GetByteArrayAsync(Address("/runs/drawn/models/translator/target.png?index=7")));
        Assert.Equal(render, await Client.GetByteArrayAsync(Address("/runs/drawn/models/translator-back/input.png?index=7")));
        Assert.Equal(map, await Client.GetByteArrayAsync(Address("/runs/drawn/models/translator-back/target.png?index=7")));
        Assert.Contains("\"left side\"", await Client.GetStringAsync(Address("/runs/drawn/models/translator/")), StringComparison.Ordinal);
        Assert.DoesNotContain("\"left side\"", await Client.GetStringAsync(Address("/runs/drawn/models/translator-back/")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_turned_and_the_truth_beside_it_is_rendered()
    {
        var (pixels, image) = Canvas(1);
        using var model = PoseGeneratorModel.Load(_folder["runs/posed/models/pose-generator.onnx"]);
        var (_, png) = await PostAsync("/runs/posed/models/pose-generator/picture.png?yaw=40&pitch=30.5", pixels);
        Assert.Equal(Pictures.EncodePng(model.Generate(image, [new ViewPose(40, 30.5)]), 0), png);
        var (_, other) = await PostAsync("/runs/posed/models/pose-generator/picture.png?yaw=200&pitch=30.5", pixels);
        Assert.NotEqual(png, other);

        // The view of the pair itself renders its target.
        using var views = new BrickViews(new() { Kind = "bricks", Size = Side, Pair = "pose", Count = 50, Split = "test" });
        var view = views.View(7);
        var target = new byte[views.Shape.Size];
        views.Render(7, view, target);
        var truth = await Client.GetByteArrayAsync(Address(FormattableString.Invariant(
            $"/runs/posed/models/pose-generator/truth.png?index=7&yaw={view.Yaw:R}&pitch={view.Pitch:R}")));
        Assert.Equal(Pictures.EncodePng(ImageTensor.FromBytes(target, 1, 1, Side, Side), 0), truth);
        Assert.Contains("\"yaw\":", await Client.GetStringAsync(Address("/runs/posed/models/pose-generator/view?index=7")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_moved_by_keypoints_of_which_some_are_missing()
    {
        var (pixels, image) = Canvas(1);
        using var model = PoseGeneratorModel.Load(_folder["models/keypoints/pose-generator.onnx"]);
        var (_, png) = await PostAsync("/models/keypoints/pose-generator/picture.png?points=10,20;", pixels);
        Assert.Equal(Pictures.EncodePng(model.Generate(image, [[(10.0, 20.0), null]]), 0), png);
    }

    [Theory]
    [InlineData("/runs/drawn/models/translator/picture.png?width=32&height=31", 400, "has 3968 bytes")]
    [InlineData("/runs/drawn/models/translator/picture.png?width=0&height=32", 400, "from 1 to 1024")]
    [InlineData("/runs/drawn/models/translator/picture.png?width=99999&height=99999", 400, "from 1 to 1024")]
    [InlineData("/runs/drawn/models/pose-generator/picture.png?yaw=0&pitch=0", 404, "")]
    [InlineData("/runs/posed/models/pose-generator/picture.png?yaw=x&pitch=0", 400, "yaw is a number")]
    [InlineData("/runs/posed/models/pose-generator/picture.png?yaw=0&pitch=91", 400, "pitch")]
    [InlineData("/models/keypoints/pose-generator/picture.png?points=1,2", 400, "points has 2 places")]
    [InlineData("/models/keypoints/pose-generator/picture.png?points=1,2;x", 400, "two numbers")]
    public async Task What_is_wrong_is_told(string path, int status, string problem)
    {
        var answer = await PostAsync(path, Canvas(1).Pixels);
        Assert.Equal(status, (int)answer.Status);
        Assert.Contains(problem, System.Text.Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_sites_larger_bodies_and_other_examples_are_refused()
    {
        const string Path = "/runs/drawn/models/translator/picture.png?width=32&height=32";
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(Path, Canvas(3).Pixels, "http://evil.example")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(Path, new byte[RawPicture.MostBytes + 1])).Status);
        foreach (var index in new[] { -1, 1_000_000_000 })
        {
            using var answer = await Client.GetAsync(Address($"/runs/drawn/models/translator/input.png?index={index}"));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        using var none = await Client.GetAsync(Address("/models/keypoints/pose-generator/input.png?index=0"));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }
}
