namespace GanPipeline.Training;

/// <summary>A checkpoint is damaged, or belongs to another training; the message names the file and what is wrong.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public CheckpointException(string message) : base(message) { }

    /// <summary>An error with its whole message and what caused it.</summary>
    public CheckpointException(string message, Exception innerException) : base(message, innerException) { }
}
