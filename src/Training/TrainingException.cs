namespace GanPipeline.Training;

/// <summary>Training cannot start or go on; the message says what is wrong and what to do.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>An error with its whole message.</summary>
    public TrainingException(string message) : base(message) { }

    /// <summary>An error with its whole message and what caused it.</summary>
    public TrainingException(string message, Exception innerException) : base(message, innerException) { }
}
