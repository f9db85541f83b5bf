namespace GanPipeline.Inference;

/// <summary>A model cannot be used. The message says which file, what is wrong, and what would be right.</summary>
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
