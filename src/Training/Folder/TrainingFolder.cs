using System.Globalization;

namespace GanPipeline.Training;

/// <summary>
/// The folder of one training, of a GAN or of a classifier: where its files are and what they are named, which training it belongs to, its
/// metrics, and the lock that keeps a second process out.
/// </summary>
/// <param name="path">The folder that <see cref="TrainingOptions.Folder"/> or <see cref="FitOptions.Folder"/> names. It
/// need not exist.</param>
public sealed class TrainingFolder(string path)
{
    internal const string StepPrefix = "step-";
    private const string PictureExtension = ".png";

    /// <summary>The folder itself.</summary>
    public string Path { get; } = path is { Length: > 0 }
        ? path
        : throw new ArgumentException("A training's folder has a name.", nameof(path));

    /// <summary>The folder of the last checkpoints, one folder a step.</summary>
    public string Checkpoints => File("checkpoints");

    /// <summary>The folder of the best generator so far, one folder a step.</summary>
    public string Best => File("best");

    /// <summary>The folder of the sample grids, one picture a step.</summary>
    public string Samples => File("samples");

    /// <summary>The metrics, a line a log interval.</summary>
    public string Metrics => File("metrics.jsonl");

    /// <summary>The animation of all sample grids.</summary>
    public string Evolution => File("evolution.gif");

    /// <summary>The folder of TensorBoard's events, see <see cref="TrainingOptions.Tensorboard"/>.</summary>
    public string Tensorboard => File("tensorboard");

    /// <summary>The options that decide the weights, see <see cref="TrainingIdentity"/>.</summary>
    public string Options => File("options.json");

    /// <summary>The checkpoint of a step, whether there is one or not.</summary>
    public string Checkpoint(long step) => System.IO.Path.Combine(Checkpoints, StepName(step));

    /// <summary>The sample grid of a step, whether there is one or not.</summary>
    public string Sample(long step) => System.IO.Path.Combine(Samples, StepName(step) + PictureExtension);

    /// <summary>The sample grids that there are, by step.</summary>
    public IReadOnlyList<(long Step, string Path)> SampleGrids() => !Directory.Exists(Samples) ? [] :
    [
        .. Directory.EnumerateFiles(Samples, StepPrefix + "*" + PictureExtension)
            .Select(file => (Step: StepOf(System.IO.Path.GetFileNameWithoutExtension(file)), Path: file))
            .Where(grid => grid.Step is not null).Select(grid => (grid.Step!.Value, grid.Path)).OrderBy(grid => grid.Value),
    ];

    /// <summary>The step of the last checkpoint, whole or damaged; null where there is none.</summary>
    public long? LastStep => !Directory.Exists(Checkpoints)
        ? null
        : Directory.EnumerateDirectories(Checkpoints, StepPrefix + "*").Max(StepOf);

    /// <summary>The name of what belongs to a step, as in <c>step-0000001000</c>; names sort as steps do.</summary>
    public static string StepName(long step) => StepPrefix + step.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>The step in the name of a file or folder, without its extension; null where it has none.</summary>
    public static long? StepOf(string path)
    {
        var name = System.IO.Path.GetFileName(path.AsSpan());
        return name.StartsWith(StepPrefix, StringComparison.Ordinal) &&
            long.TryParse(name[StepPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
    }

    /// <summary>Which training the folder belongs to; null where no training was begun in it, or where that cannot be read.</summary>
    public TrainingIdentity? ReadIdentity() => TrainingIdentity.Read(Options);

    /// <summary>The metrics so far, by step. Half a line, as a killed process leaves it, is passed over.</summary>
    /// <typeparam name="T"><see cref="GanMetrics"/>, or <see cref="FitMetrics"/> for a classifier or a text encoder.</typeparam>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyList<T> ReadMetrics<T>() where T : TrainingMetrics => [.. MetricsLog<T>.Read(Metrics).Select(line => line.Metrics)];

    /// <summary>Opens the metrics for a training that begins, or goes on, after a step; lines of later steps are dropped.</summary>
    /// <exception cref="TrainingException">They cannot be written.</exception>
    internal MetricsLog<T> OpenMetrics<T>(long lastStep) where T : TrainingMetrics => new(Metrics, lastStep);

    /// <summary>Says which training the folder belongs to.</summary>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    internal void WriteIdentity(TrainingIdentity identity)
    {
        try
        {
            identity.Write(Options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Cannot write '{Options}': {e.Message}", e);
        }
    }

    /// <summary>Makes the folder, and keeps a second process from training in it; a killed process gives it up.</summary>
    /// <exception cref="TrainingException">The folder cannot be written to, or another process trains in it.</exception>
    internal IDisposable Lock()
    {
        try
        {
            Directory.CreateDirectory(Path);
            return new FileStream(File(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (Directory.Exists(Path))
        {
            throw new TrainingException(
                $"Cannot train in '{Path}': another process is training there, or the folder cannot be written to ({e.Message}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Cannot write to the training's folder '{Path}': {e.Message}", e);
        }
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
