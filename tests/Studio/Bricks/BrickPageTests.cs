using System.Globalization;
using System.Net;
using System.Text.Json;
using GanPipeline.Data;
using GanPipeline.Inference;
using Microsoft.AspNetCore.Builder;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace GanPipeline.Studio.Tests;

/// <summary>Bricks as the renderer and as generators make them.</summary>
public sealed class BrickPageTests : ServedTests
{
    protected override WebApplication Create() =>
        StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, null) with { Models = Models });

    private static string Model(string name) => Uri.EscapeDataString(Path.Combine(Models, name));

    /// <summary>A picture of the data set, described by its attributes, is the same.</summary>
    [Theory]
    [InlineData("render", 1)]
    [InlineData("render", 3)]
    [InlineData("drawing", 3)]
    public async Task A_render_is_that_of_the_data_set(string style, int channels)
    {
        using var source = DataSets.Open(new()
        {
            Kind = "bricks", Size = 48, Channels = channels, Count = 20, Bricks = new() { Styles = [style], Fill = new(0.9, 0.9) },
        });
        var pixels = new byte[source.Shape.Size];
        var values = new float[source.Attributes.Count];
        for (var i = 0; i < 20; i += 7)
        {
            source.TryRead(i, pixels);
            source.ReadAttributes(i, values);
            var described = source.Attributes.Select((field, place) => (
                Name: field.Name == "class" ? "kind" : field.Name,
                Value: field.Kind == LabelKind.Numeric ? values[place].ToString("R", CultureInfo.InvariantCulture)
                    : field.Write(values[place])));
            var query = string.Join('&', described.Select(d => $"{d.Name}={Uri.EscapeDataString(d.Value)}"));
            using var shown = Image.Load<Rgb24>(await Client.GetByteArrayAsync(
                Address($"/bricks/render.png?size=48&channels={channels}&{query}")));
            using var real = Image.Load<Rgb24>(Pictures.EncodePng(ImageTensor.FromBytes(pixels, 1, channels, 48, 48), 0));
            // The attributes are float32, the data set's numbers float64: an edge may fall into another pixel.
            Assert.InRange(Enumerable.Range(0, 48 * 48).Count(p => shown[p % 48, p / 48] != real[p % 48, p / 48]), 0, 20);
        }
    }

    [Fact]
    public async Task A_generator_is_told_what_it_knows_of_the_brick()
    {
        var query = $"kind=plate%202x3&yaw=40&model={Model("quickstart")}";
        var label = JsonDocument.Parse(await Client.GetStringAsync(Address($"/bricks/label?{query}"))).RootElement;
        Assert.Equal("class=plate 2x3", label.GetProperty("label").GetString());
        using var generator = GeneratorModel.Load(Path.Combine(Models, "quickstart", "generator.onnx"));
        Assert.Equal(Pictures.EncodePng(generator.Sample(1, 9, labels: ["plate 2x3"]), 0),
            await Client.GetByteArrayAsync(Address($"/bricks/generated.png?{query}&seed=9")));
        var page = await Client.GetStringAsync(Address("/bricks/"));
        Assert.Contains("\"quickstart\"", page, StringComparison.Ordinal);
        // It is told nothing.
        Assert.DoesNotContain("\"bricks-dcgan\"", page, StringComparison.Ordinal);
        // Its labels are digits.
        Assert.DoesNotContain("\"mnist-cgan\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bricks/render.png?kind=brick%209x9", HttpStatusCode.BadRequest, "There is no kind 'brick 9x9'; there are: brick 1x1")]
    [InlineData("/bricks/render.png?color=pink", HttpStatusCode.BadRequest, "There is no color 'pink'")]
    [InlineData("/bricks/render.png?style=oil", HttpStatusCode.BadRequest, "There is no style 'oil'; there are: render, drawing")]
    [InlineData("/bricks/render.png?yaw=x", HttpStatusCode.BadRequest, "yaw is a number from -360 to 360")]
    [InlineData("/bricks/render.png?size=100000", HttpStatusCode.BadRequest, "size is a number from 8 to 512")]
    [InlineData("/bricks/render.png?channels=2", HttpStatusCode.BadRequest, "channels is 1 or 3")]
    [InlineData("/bricks/generated.png?model=none", HttpStatusCode.NotFound, "")]
    [InlineData("/bricks/generated.png?kind=brick%201x8&model=*", HttpStatusCode.BadRequest, "There is no class 'brick 1x8'; there are: ")]
    public Task What_is_wrong_is_told(string path, HttpStatusCode status, string problem) =>
        TellsAsync(path.Replace("*", Model("quickstart"), StringComparison.Ordinal), status, problem);
}
