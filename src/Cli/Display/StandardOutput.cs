using System.Text;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>Standard output: where it is closed, or the file behind it cannot grow, the error says that it is this that failed.</summary>
internal sealed class StandardOutput(TextWriter inner) : TextWriter
{
    private readonly Lazy<bool> _isClosed = new(() => Target(0) is { } input && input == Target(1));

    public TextWriter Inner => inner;

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Guard(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Guard(() => inner.Write(value));

    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    public override void Flush() => Guard(inner.Flush);

    private void Guard(Action write)
    {
        if (_isClosed.Value) throw new OutputException("It is closed.", null);
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            throw new OutputException(e is IOException ? e.Message : "It is closed.", e);
        }
    }

    /// <summary>
    /// The pipe behind a descriptor on Linux. Where a program is started with standard input and output closed, the runtime's first pipe
    /// takes both their places, and what is written to standard output vanishes in the program itself.
    /// </summary>
    private static string? Target(int descriptor)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return new FileInfo($"/proc/self/fd/{descriptor}").LinkTarget is { } target
                && target.StartsWith("pipe:", StringComparison.Ordinal) ? target : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>Standard output cannot be written, so that nothing more is to be told there.</summary>
internal sealed class OutputException(string reason, Exception? inner)
    : WorkException($"Standard output cannot be written: {reason}", inner);
