using GanPipeline.Training;

namespace GanPipeline.Pipelines;

/// <summary>Where a run's files lie, and the lock that keeps two runs from writing one folder.</summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>The picture of the samples that are nearest to training pictures, within the folder.</summary>
    public const string CopiesName = "copies.png";

    private const string LockName = ".lock", LogName = "run.log";

    private FileStream? _lock;

    public RunFolder(string path, string shown)
    {
        Root = Path.GetFullPath(path);
        Shown = shown;
    }

    public string Root { get; }

    /// <summary>The folder as the user would type it.</summary>
    public string Shown { get; }

    public string Summary => this["summary.json"];
    public string Train => this["train"];
    public TrainingFolder Training => new(Train);
    public string Generator => this["models/generator.onnx"];
    public string Translator => this["models/translator.onnx"];
    public string BackTranslator => this["models/translator-back.onnx"];
    public string PoseGenerator => this["models/pose-generator.onnx"];
    public string Discriminator => this["models/discriminator.onnx"];
    public string BackDiscriminator => this["models/discriminator-back.onnx"];
    public string Features => this["models/features.onnx"];
    public string UntrainedFeatures => this["models/untrained-features.onnx"];
    public string Classifier => this["models/classifier.onnx"];
    public string TextEncoder => this["models/text-encoder.onnx"];
    public string ImageEncoder => this["models/image-encoder.onnx"];
    public string Card => this["models/README.md"];
    public string Grid => this["samples/grid.png"];
    public string Turn => this["samples/turn.png"];
    public string Copies => this[CopiesName];
    public string Report => this["report.html"];
    public string Log => this[LogName];

    /// <summary>A file of the run by its path within, with / between names.</summary>
    public string this[string relative] => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    public string ShownPath(string relative) => Path.Combine(Shown, relative);

    /// <summary>Whether a folder holds nothing but what a run leaves that failed before it kept its settings.</summary>
    public static bool IsUnused(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).All(entry => Path.GetFileName(entry) is LockName or LogName);

    /// <summary>Makes the folder and takes its lock; the system gives it back when the process ends, however it ends.</summary>
    public void Open()
    {
        try
        {
            Directory.CreateDirectory(Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WorkException($"The output folder {Shown} cannot be made: {e.Message} Give another with --out.", e);
        }
        var path = this[LockName];
        Lock(path);
        // What a run that was killed was writing.
        AtomicFile.DeleteLeftovers(Root, below: true);
        foreach (var folder in Directory.GetDirectories(Root, ".*.tmp", SearchOption.AllDirectories))
            Directory.Delete(folder, recursive: true);
    }

    private void Lock(string path)
    {
        try
        {
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new WorkException($"The output folder {Shown} is not writable: {e.Message} Give another with --out.", e);
        }
        catch (IOException e) when (File.Exists(path) && e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new WorkException($"Another gan is working in {Shown}. Wait until it is done, or give another folder with --out.", e);
        }
        catch (IOException e)
        {
            throw new WorkException($"The output folder {Shown} is not writable: {e.Message} Give another with --out.", e);
        }
    }

    public void Dispose() => _lock?.Dispose();
}
