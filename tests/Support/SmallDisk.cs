using Xunit;

namespace GanPipeline.TestSupport;

/// <summary>A test that fills a small disk, and is skipped by name without the right to mount one.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> _canMount = new(() =>
    {
        using var folder = new TemporaryFolder();
        try
        {
            new SmallDisk(folder["disk"], kilobytes: 100).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public SmallDiskFactAttribute()
    {
        if (!_canMount.Value) Skip = "needs the right to mount a tmpfs";
    }
}

/// <summary>A disk of a few pages in memory, unmounted with the test.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    public SmallDisk(string path, int kilobytes)
    {
        Directory.CreateDirectory(_path = path);
        var (code, _, error) = Peers.Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", path);
        if (code != 0) throw new IOException(error);
    }

    public void Dispose() => Peers.Run("umount", _path);
}
