using GanPipeline.Inference;

namespace GanPipeline.Studio.Tests;

/// <summary>Models that stay open.</summary>
public sealed class ModelStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ModelStore _store = new();

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private ModelFile Copy(string name, string of = "quickstart")
    {
        var path = _folder[name + ".onnx"];
        File.Copy(Path.Combine(Repository.Root, "models", of, "generator.onnx"), path, overwrite: true);
        return new("/models/" + name, name, ModelKind.Generator, path, name, path);
    }

    [Fact]
    public void A_model_stays_open_until_others_are_used_or_its_file_changes()
    {
        var first = Copy("0");
        var opened = _store.WithGenerator(first, model => model);
        Assert.Same(opened, _store.WithGenerator(first, model => model));
        Copy("0", "bricks-dcgan");
        Assert.Equal(64, _store.WithGenerator(first, model => model.Width));
        var files = Enumerable.Range(1, ModelStore.Most + 1).Select(i => Copy($"{i}")).ToArray();
        var models = files.Select(file => _store.WithGenerator(file, model => model)).ToArray();
        Assert.Same(models[^1], _store.WithGenerator(files[^1], model => model));
        // It is the one that was not used for the longest time.
        Assert.NotSame(models[0], _store.WithGenerator(files[0], model => model));
    }

    [Fact]
    public void One_that_is_used_is_not_closed()
    {
        var file = Copy("0");
        var images = _store.WithGenerator(file, model =>
        {
            foreach (var i in Enumerable.Range(1, ModelStore.Most + 2)) _store.WithGenerator(Copy($"{i}"), other => other.Width);
            return model.Sample(1, labels: ["brick 2x4"]);
        });
        Assert.Equal(32, images.Width);
    }

    [Fact]
    public void One_that_cannot_be_opened_is_tried_again()
    {
        var file = Copy("0");
        File.WriteAllText(file.Path, "no model");
        Assert.Throws<ModelException>(() => _store.WithGenerator(file, model => model.Width));
        Copy("0");
        Assert.Equal(32, _store.WithGenerator(file, model => model.Width));
        File.Delete(file.Path);
        Assert.Throws<ModelException>(() => _store.WithGenerator(file, model => model.Width));
    }
}
