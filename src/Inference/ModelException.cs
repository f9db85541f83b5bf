namespace GanPipeline.Inference;

/// <summary>A model file that cannot be used: what is wrong with it, and what would be right, in the message.</summary>
public sealed class ModelException : Exception
{
    /// <summary>An error with its complete explanation.</summary>
    public ModelException(string message) : base(message)
    {
    }

    /// <summary>An error with its complete explanation and its cause.</summary>
    public ModelException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
