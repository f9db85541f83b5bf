namespace GanPipeline.Generation;

/// <summary>A job that cannot go on: its folder holds another job's images, another process makes the same shard.</summary>
public sealed class GenerationException : Exception
{
    /// <param name="message">What is wrong.</param>
    public GenerationException(string message) : base(message)
    {
    }

    /// <param name="message">What is wrong.</param>
    /// <param name="inner">Why.</param>
    public GenerationException(string message, Exception inner) : base(message, inner)
    {
    }
}
