namespace GanPipeline.Inference;

/// <summary>A latent space does not have what was asked for. The message says what was found.</summary>
public sealed class LatentException : Exception
{
    /// <summary>An error with its complete explanation.</summary>
    public LatentException(string message) : base(message)
    {
    }

    /// <summary>An error with its complete explanation and its cause.</summary>
    public LatentException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
