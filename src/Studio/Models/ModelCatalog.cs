using GanPipeline.Pipelines;

namespace GanPipeline.Studio;

/// <summary>What a model makes, by which its page is chosen.</summary>
internal enum ModelKind
{
    /// <summary>Pictures from latents.</summary>
    Generator,

    /// <summary>Pictures from pictures.</summary>
    Translator,

    /// <summary>Pictures from pictures, the way back of a CycleGAN.</summary>
    TranslatorBack,

    /// <summary>Pictures of what a picture shows, from elsewhere.</summary>
    PoseGenerator,

    /// <summary>Labels of pictures. It has no page, and reads what others make.</summary>
    Classifier,
}

/// <summary>A model's file, and where it was found.</summary>
/// <param name="Address">Of its page, from the root on, without the kind: <c>/models/quickstart</c> or <c>/runs/bricks/models</c>.</param>
/// <param name="Name">Of the folder or run that it is of.</param>
/// <param name="Kind">What it makes.</param>
/// <param name="Path">The file.</param>
/// <param name="Folder">The folder as a command line takes it, such as <c>models/quickstart</c>.</param>
/// <param name="File">The file as a program of the user's would name it.</param>
/// <param name="Run">The run that made it; null where that is not known.</param>
internal sealed record ModelFile(
    string Address, string Name, ModelKind Kind, string Path, string Folder, string File, RunFolder? Run = null);

/// <summary>
/// The models that there are: those of the folder of models, and those that runs have made. Links are not followed, and nothing outside
/// both is found.
/// </summary>
/// <param name="folder">The folder of models, a folder each, as it was given; it need not exist.</param>
/// <param name="runs">The runs.</param>
internal sealed class ModelCatalog(string folder, RunCatalog runs)
{
    private static readonly (ModelKind Kind, string File)[] _files =
    [
        (ModelKind.Generator, "generator.onnx"), (ModelKind.Translator, "translator.onnx"),
        (ModelKind.TranslatorBack, "translator-back.onnx"), (ModelKind.PoseGenerator, "pose-generator.onnx"),
        (ModelKind.Classifier, "classifier.onnx"),
    ];

    /// <summary>All models: the folder's by name, then the runs', the one that changed last first.</summary>
    public IReadOnlyList<ModelFile> List() =>
    [
        .. Names().Order(StringComparer.Ordinal).SelectMany(Of),
        .. runs.List().Select(run => runs.Find(run.Name)).OfType<RunFolder>().SelectMany(Of),
    ];

    /// <summary>A model of the folder; null where there is none.</summary>
    public ModelFile? Find(string name, ModelKind kind) =>
        Names().Contains(name) ? Of(name).FirstOrDefault(model => model.Kind == kind) : null;

    /// <summary>A model of a run; null where there is none.</summary>
    public ModelFile? FindOfRun(string name, ModelKind kind) =>
        runs.Find(name) is { } run ? Of(run).FirstOrDefault(model => model.Kind == kind) : null;

    private IEnumerable<string> Names() => !Directory.Exists(folder) ? []
        : new DirectoryInfo(folder).EnumerateDirectories().Where(model => model.LinkTarget is null).Select(model => model.Name);

    private IEnumerable<ModelFile> Of(string name) =>
        Files($"/models/{Uri.EscapeDataString(name)}", name, Path.Combine(folder, name), Path.Combine(folder, name));

    private IEnumerable<ModelFile> Of(RunFolder run)
    {
        var (name, shown) = (run.Shown, Path.Combine(runs.Folder, run.Shown));
        return Files($"/runs/{Uri.EscapeDataString(name)}/models", name, Path.Combine(shown, "models"), shown, run);
    }

    private static IEnumerable<ModelFile> Files(string address, string name, string files, string shown, RunFolder? run = null) =>
        from file in _files
        let path = Path.Combine(files, file.File)
        where new FileInfo(path) is { Exists: true, LinkTarget: null }
        select new ModelFile(address, name, file.Kind, path, shown.Replace('\\', '/'), path.Replace('\\', '/'), run);
}
