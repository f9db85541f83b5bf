using GanPipeline.Data;
using Microsoft.ML;

namespace GanPipeline.ML.Tests;

/// <summary>What an <see cref="MLContext"/> is told holds for what its catalogs make.</summary>
public sealed class ContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_settings_are_seen()
    {
        var ml = new MLContext(seed: 7) { GpuDeviceId = 3, FallbackToCpu = true };
        foreach (var catalog in (object[])[ml.Data, ml.Transforms, ml.Model])
        {
            var settings = ContextSettings.Of(catalog);
            Assert.Equal((7, 3, true), (settings.Seed, settings.GpuDeviceId, settings.FallbackToCpu));
            Assert.NotNull(settings.Log);
        }
        // A device that is named stands, with what is said of its absence.
        var named = ContextSettings.Of(ml.Data).Apply(new() { GpuDeviceId = 0 });
        Assert.Equal((0, false), (named.GpuDeviceId, named.FallbackToCpu));
        Assert.Null(ContextSettings.Of(new MLContext().Data).Apply(new()).GpuDeviceId);
    }

    [Fact]
    public void Its_GPU_is_asked_for_where_none_is_named()
    {
        // There is no device 99, and the libraries of most machines have none at all.
        var ml = new MLContext { GpuDeviceId = 99, FallbackToCpu = false };
        Assert.Throws<Inference.ModelException>(() => ml.Transforms.ExtractDiscriminatorFeatures("F", "Image", TestModels.Features));
        Assert.Throws<Inference.ModelException>(() => ml.Data.LoadFromGenerator(TestModels.Generator));
        ml.FallbackToCpu = true;
        ml.Transforms.ExtractDiscriminatorFeatures("F", "Image", TestModels.Features);
        ml.Data.LoadFromGenerator(TestModels.Generator).Dispose();
    }

    [Fact]
    public void Its_seed_is_that_of_samples_where_none_is_given()
    {
        Assert.Equal(Latents(new MLContext(seed: 5), null), Latents(new MLContext(), 5));
        Assert.Equal(Latents(new MLContext(), null), Latents(new MLContext(seed: 5), 0));
        Assert.NotEqual(Latents(new MLContext(seed: 5), null), Latents(new MLContext(), null));

        static float[][] Latents(MLContext ml, long? seed)
        {
            using var view = ml.Data.LoadFromGenerator(TestModels.Generator, count: 3, seed: seed);
            return view.Vectors("Latent");
        }
    }

    /// <summary>An error in the middle of saving comes late; whoever never saves must not meet one.</summary>
    [Fact]
    public void What_cannot_be_saved_is_told_when_it_is_fitted()
    {
        List<string> log = [];
        var ml = new MLContext();
        ml.Log += (_, message) =>
        {
            if (message.RawMessage.Contains("cannot be saved", StringComparison.Ordinal)) lock (log) log.Add(message.RawMessage);
        };
        var data = ml.Data.LoadFromEnumerable(Picture.Samples(3));
        ml.Transforms.ExtractDiscriminatorFeatures("Features", "Image", TestModels.Features).Fit(data).Dispose();
        Assert.Empty(log);
        ml.Transforms.ExtractDiscriminatorFeatures("My.output", "Image", TestModels.Features).Fit(data).Dispose();
        Assert.Contains("'My.output'", Assert.Single(log), StringComparison.Ordinal);
        using var samples = ml.Data.LoadFromGenerator(new GeneratorViewOptions { ModelFile = TestModels.Conditional, TextLabels = true });
        ml.Transforms.GenerateImages("Made", "Latent", TestModels.Conditional, labelColumnName: "Label").Fit(samples).Dispose();
        Assert.Contains("keys or texts", log[1], StringComparison.Ordinal);
        var files = ml.Data.LoadFromEnumerable(new[] { new { Path = "a.png" } });
        ml.Transforms.LoadGanImages("Image", inputColumnName: "Path").Fit(files);
        Assert.Contains("LoadGanImages", log[2], StringComparison.Ordinal);
        Assert.Equal(3, log.Count);
    }

    [Fact]
    public void Images_that_are_left_out_are_in_its_log_once()
    {
        List<string> log = [];
        var ml = new MLContext();
        ml.Log += (_, message) =>
        {
            if (message.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning) log.Add(message.RawMessage);
        };
        Inference.Pictures.SavePng(new ImageTensor(1, 3, 8, 8), 0, _folder["a/1.png"]);
        File.WriteAllText(_folder["a/2.png"], "no picture");
        using var view = ml.Data.LoadFromImages(new DataOptions { Kind = "folder", Path = _folder["a"], Size = 8, Split = "all" });
        for (var i = 0; i < 2; i++) Assert.Single(view.Vectors("Image"));
        Assert.Contains("cannot be used and is left out", Assert.Single(log), StringComparison.Ordinal);

        log.Clear();
        var files = ml.Data.LoadFromEnumerable(new[] { 1, 2 }.Select(i => new { Path = _folder[$"a/{i}.png"] }));
        var loaded = ml.Transforms.LoadGanImages(new GanImageLoadingOptions
        {
            OutputColumnName = "Image", InputColumnName = "Path", ImageSize = 8, Unreadable = UnreadableImages.Skip,
        }).Fit(files).Transform(files);
        for (var i = 0; i < 2; i++) Assert.Single(loaded.Vectors("Image"));
        Assert.Contains("2.png' cannot be used and is left out: ", Assert.Single(log), StringComparison.Ordinal);
    }
}
