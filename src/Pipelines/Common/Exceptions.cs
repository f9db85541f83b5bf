namespace GanPipeline.Pipelines;

/// <summary>The request was wrong: exit code 2. The message says what would be right.</summary>
internal sealed class RequestException : Exception
{
    public RequestException(string message, Exception? inner = null) : base(message, inner) { }

    public RequestException(IReadOnlyList<string> problems) : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>Where there are several: one line each.</summary>
    public IReadOnlyList<string> Problems { get; } = [];

    /// <summary>The key that each of the problems is of, empty where it is of none; nothing where keys are not known.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}

/// <summary>The work failed: exit code 1. The message says what to do about it.</summary>
internal class WorkException(string message, Exception? inner = null) : Exception(message, inner);
