using System.Text;

namespace GanPipeline;

/// <summary>Writes a file whole or not at all, so that neither a crash nor a full disk leaves half of one.</summary>
/// <remarks>
/// The content goes to a temporary file in the target's folder, is flushed to the disk, and is then renamed to the target. Until the
/// rename an existing file stays as it was. When anything fails, the temporary file is deleted. Only a killed process leaves one behind
/// (<c>.NAME.XXXXXXXX.tmp</c>), which <see cref="DeleteLeftovers"/> deletes.
/// Several threads or processes may write the same target: the last rename wins.
/// </remarks>
internal static class AtomicFile
{
    private const int BufferSize = 1 << 16;
    private const int RandomLength = 8;

    /// <summary>Writes a file through a stream. Missing parent folders are made.</summary>
    /// <param name="path">The target; an existing file is replaced.</param>
    /// <param name="write">Writes the content. The stream is write-only and can seek; it need not be flushed or closed.</param>
    /// <exception cref="IOException">
    /// The file cannot be written: no such drive, full disk, the target is a folder. Names the target.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to. Names the target.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentNullException.ThrowIfNull(write);
        var target = Path.GetFullPath(path);
        string? temporary = null;
        try
        {
            if (Directory.Exists(target)) throw new IOException("it is a folder");
            var folder = Path.GetDirectoryName(target) ?? throw new IOException("the path names no file");
            Directory.CreateDirectory(folder);
            temporary = Path.Combine(folder, TemporaryName(Path.GetFileName(target)));
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferSize))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
            temporary = null;
        }
        catch (IOException e)
        {
            throw new IOException(Explain(target, e), e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Explain(target, e), e);
        }
        finally
        {
            if (temporary is not null) TryDelete(temporary);
        }
    }

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void WriteAllText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        WriteAllBytes(path, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes bytes.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static unsafe void WriteAllBytes(string path, ReadOnlySpan<byte> bytes)
    {
        // A span cannot enter a lambda; its pinned address can.
        fixed (byte* start = bytes)
        {
            var address = (nint)start;
            var length = bytes.Length;
            Write(path, stream => stream.Write(new ReadOnlySpan<byte>((void*)address, length)));
        }
    }

    /// <summary>Deletes the temporary files that killed processes left in a folder; of those that are being written, none.</summary>
    /// <param name="folder">The folder; nothing is done where there is none.</param>
    /// <param name="below">Whether the folders in it are looked into as well.</param>
    public static void DeleteLeftovers(string folder, bool below = false)
    {
        if (!Directory.Exists(folder)) return;
        var options = new EnumerationOptions { RecurseSubdirectories = below, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var path in Directory.EnumerateFiles(folder, ".*.tmp", options).Where(IsTemporary))
        {
            try
            {
                // Its writer holds it alone.
                using (new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None)) { }
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
        }
    }

    private static bool IsTemporary(string path) =>
        Path.GetFileNameWithoutExtension(path).LastIndexOf('.') is > 0 and var dot
        && Path.GetFileNameWithoutExtension(path).Length - dot == 1 + RandomLength;

    // A name that no other writer has, and short enough for any file system whatever the target's.
    private static string TemporaryName(string name) =>
        $".{name[..Math.Min(name.Length, 48)]}.{Path.GetRandomFileName().AsSpan(0, RandomLength)}.tmp";

    private static string Explain(string target, Exception e) => $"Cannot write '{target}': {e.Message}";

    private static void TryDelete(string path)
    {
        try { File.Delete(path); }
        catch (IOException) { }
        catch (UnauthorizedAccessException) { }
    }
}
