namespace GanPipeline.Studio.Tests;

/// <summary>Which models there are.</summary>
public sealed class ModelCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ModelCatalog Catalog => new(_folder["models"], new(_folder["runs"], new StartedRuns(null)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_of_the_folder_come_first_and_then_those_of_runs()
    {
        Assert.Empty(Catalog.List());
        Write("models/b/generator.onnx", "models/a/classifier.onnx", "models/a/generator.onnx", "models/a/other.onnx", "models/none/x.txt",
            "runs/c/settings.json", "runs/c/models/translator.onnx", "runs/c/models/translator-back.onnx",
            "runs/no-run/models/generator.onnx");
        Assert.Equal(
            [
                ("/models/a", ModelKind.Generator), ("/models/a", ModelKind.Classifier), ("/models/b", ModelKind.Generator),
                ("/runs/c/models", ModelKind.Translator), ("/runs/c/models", ModelKind.TranslatorBack),
            ],
            Catalog.List().Select(model => (model.Address, model.Kind)));
        Assert.EndsWith("runs/c", Catalog.FindOfRun("c", ModelKind.Translator)!.Folder, StringComparison.Ordinal);
        Assert.EndsWith("runs/c/models/translator.onnx", Catalog.FindOfRun("c", ModelKind.Translator)!.File, StringComparison.Ordinal);
        Assert.NotNull(Catalog.Find("b", ModelKind.Generator));
        Assert.Null(Catalog.Find("b", ModelKind.Classifier));
    }

    [Fact]
    public void Nothing_outside_is_a_model()
    {
        Write("models/inside/generator.onnx", "outside/generator.onnx", "models/linked/x.txt", "runs/c/settings.json",
            "runs/c/models/x.txt");
        Directory.CreateSymbolicLink(_folder["models/link"], _folder["outside"]);
        File.CreateSymbolicLink(_folder["models/linked/generator.onnx"], _folder["outside/generator.onnx"]);
        File.CreateSymbolicLink(_folder["runs/c/models/generator.onnx"], _folder["outside/generator.onnx"]);
        Assert.Equal("inside", Assert.Single(Catalog.List()).Name);
        foreach (var name in new[] { "link", "linked", "../outside", "..", ".", "", "inside/../inside", _folder["outside"] })
            Assert.Null(Catalog.Find(name, ModelKind.Generator));
        foreach (var name in new[] { "c", "../outside", ".." }) Assert.Null(Catalog.FindOfRun(name, ModelKind.Generator));
    }

    private void Write(params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
            File.WriteAllText(_folder[file], "{}");
        }
    }
}
