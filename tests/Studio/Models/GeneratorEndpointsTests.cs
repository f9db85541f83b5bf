using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using GanPipeline.Inference;
using Microsoft.AspNetCore.Builder;

namespace GanPipeline.Studio.Tests;

/// <summary>What the explorer's script asks for, of the models that ship.</summary>
public sealed class GeneratorEndpointsTests : ServedTests
{
    protected override WebApplication Create() =>
        StudioServer.Create(StudioOptions.Create("127.0.0.1", 0, null) with { Models = Models });

    private static GeneratorModel Open(string name, float? truncation = null) =>
        GeneratorModel.Load(Path.Combine(Models, name, "generator.onnx"), new() { Truncation = truncation });

    private async Task<JsonElement> JsonAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Address(path));
        request.Headers.Add("Origin", Origin);
        using var answer = await Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    [Fact]
    public async Task A_seeds_picture_is_that_of_the_copied_code()
    {
        using var generator = Open("mnist-cgan", 0.7f);
        var expected = Pictures.EncodePng(generator.Sample(1, seed: 5, first: 3, labels: ["7"]), 0);
        var query = "seed=5&index=3&truncation=0.7&label=7";
        Assert.Equal(expected, await Client.GetByteArrayAsync(Address($"/models/mnist-cgan/generator/image.png?{query}")));
        var code = (await JsonAsync($"/models/mnist-cgan/generator/code?{query}")).GetProperty("code").GetProperty("code").GetString()!;
        Assert.Contains("generator.Sample(1, seed: 5, first: 3, labels: [\"7\"])", code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_pictures_latent_is_the_one_that_it_is_made_of()
    {
        using var generator = Open("bricks-dcgan");
        var corners = new long[] { 1, 2, 3, 4 }.Select(seed => Latents.Normal(seed, 0, 1, generator.LatentSize)).ToArray();
        var latent = LatentPath.Between(
            LatentPath.Between(corners[0], corners[1], 0.25f), LatentPath.Between(corners[2], corners[3], 0.25f), 0.5f);
        latent[2] += 1.5f;
        var query = "corners=1,2,3,4&x=0.25&y=0.5&move=2:1.5";
        Assert.Equal(Pictures.EncodePng(generator.Generate(latent), 0),
            await Client.GetByteArrayAsync(Address($"/models/bricks-dcgan/generator/image.png?{query}")));
        var npy = await Client.GetByteArrayAsync(Address($"/models/bricks-dcgan/generator/latent.npy?{query}"));
        Assert.Equal(latent, MemoryMarshal.Cast<byte, float>(npy.AsSpan()[^(4 * latent.Length)..]).ToArray());
    }

    [Fact]
    public async Task Directions_are_found_in_the_background_and_move_the_picture()
    {
        var reader = Uri.EscapeDataString(Path.Combine(Models, "bricks-classifier"));
        var address = $"/models/quickstart/generator/directions?reader={reader}";
        Assert.Equal("none", (await JsonAsync(address)).GetProperty("state").GetString());
        var found = await JsonAsync(address, HttpMethod.Post);
        while (found.GetProperty("state").GetString() == "running")
        {
            await Task.Delay(50);
            found = await JsonAsync(address);
        }
        Assert.Equal("done", found.GetProperty("state").GetString());
        var values = found.GetProperty("directions").EnumerateArray().Select(d => d.GetProperty("value").GetString()!).ToArray();

        using var generator = Open("quickstart");
        using var classifier = ClassifierModel.Load(Path.Combine(Models, "bricks-classifier", "classifier.onnx"));
        // They are those of the copied code, which has no options: how they are measured changes nothing of them.
        var directions = LatentDirectionSearch.Find(new LatentReader(generator, classifier), new() { TestCount = 1, Distances = [1] });
        Assert.Equal(directions.Select(d => d.Value), values);
        var moved = directions[1].Move(Latents.Normal(6, 0, 1, generator.LatentSize), 2);
        Assert.Equal(
            Pictures.EncodePng(generator.Generate(moved, ["plate 2x3"]), 0),
            await Client.GetByteArrayAsync(Address(
                $"/models/quickstart/generator/image.png?seed=6&along=1:2&reader={reader}&label=plate%202x3")));
    }

    [Theory]
    [InlineData("/models/none/generator/image.png", HttpStatusCode.NotFound, "")]
    [InlineData("/models/..%2f..%2fetc/generator/image.png", HttpStatusCode.NotFound, "")]
    [InlineData("/models/bricks-classifier/generator", HttpStatusCode.NotFound, "")]
    [InlineData("/models/mnist-cgan/generator/image.png?seed=x", HttpStatusCode.BadRequest, "seed is a whole number")]
    [InlineData("/models/mnist-cgan/generator/image.png?label=99", HttpStatusCode.BadRequest, "There is no class '99'")]
    [InlineData("/models/bricks-dcgan/generator/image.png?label=7", HttpStatusCode.BadRequest, "label")]
    [InlineData("/models/bricks-dcgan/generator/image.png?move=24:1", HttpStatusCode.BadRequest, "A latent has 24 values")]
    [InlineData("/models/bricks-dcgan/generator/directions?reader=none", HttpStatusCode.NotFound, "")]
    public Task What_is_wrong_is_told(string path, HttpStatusCode status, string problem) => TellsAsync(path, status, problem);

    /// <summary>A browser keeps a picture under the address of the file's version, and no other.</summary>
    [Fact]
    public async Task Pictures_are_kept_by_theirModels_version()
    {
        using var named = await Client.GetAsync(Address("/models/bricks-dcgan/generator/image.png?v=1"));
        using var plain = await Client.GetAsync(Address("/models/bricks-dcgan/generator/image.png"));
        Assert.Equal(TimeSpan.FromHours(1), named.Headers.CacheControl!.MaxAge);
        Assert.True(plain.Headers.CacheControl!.NoStore);
    }
}
