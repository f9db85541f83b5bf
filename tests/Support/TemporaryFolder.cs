namespace GanPipeline.TestSupport;

/// <summary>A folder of its own for a test, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("gan-test-").FullName;

    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Runs a program that writes to the current folder with this folder as the current one.</summary>
    public void RunInside(Action program)
    {
        var before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path;
        try { program(); }
        finally { Environment.CurrentDirectory = before; }
    }

    public void Dispose()
    {
        try { Directory.Delete(Path, recursive: true); }
        catch (DirectoryNotFoundException) { }
    }
}
