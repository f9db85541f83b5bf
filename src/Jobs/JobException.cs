namespace GanPipeline.Jobs;

/// <summary>A job that cannot go on: its folder is of another job, another process makes the same shard.</summary>
public sealed class JobException : Exception
{
    /// <param name="message">What is wrong.</param>
    public JobException(string message) : base(message)
    {
    }

    /// <param name="message">What is wrong.</param>
    /// <param name="inner">Why.</param>
    public JobException(string message, Exception inner) : base(message, inner)
    {
    }
}
