namespace GanPipeline.Training;

/// <summary>Keeps a second process from training in the same folder; a killed process gives it up.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;

    /// <exception cref="TrainingException">The folder cannot be written to, or another process trains in it.</exception>
    public RunLock(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"Cannot write to the run's folder '{folder}': {e.Message}", e);
        }
        var path = Path.Combine(folder, ".lock");
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new TrainingException($"Cannot write to the run's folder '{folder}': {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new TrainingException($"Cannot train in '{folder}': another process is training there, or the folder cannot be written to ({e.Message}).", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
