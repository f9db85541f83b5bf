namespace GanPipeline.Hosting;

/// <summary>So many images wait already that no more are taken (<see cref="GeneratorOptions.QueueLimit"/>). A server answers 503.</summary>
public sealed class GeneratorBusyException : Exception
{
    /// <summary>Without a message.</summary>
    public GeneratorBusyException()
    {
    }

    /// <summary>With a message.</summary>
    public GeneratorBusyException(string message) : base(message)
    {
    }

    /// <summary>With a message and a cause.</summary>
    public GeneratorBusyException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
