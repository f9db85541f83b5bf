namespace GanPipeline.Data;

/// <summary>A data set cannot be used as requested. The message says which file or option is wrong, why, and what would be right.</summary>
public sealed class DataSetException : Exception
{
    /// <summary>An error without a cause.</summary>
    public DataSetException(string message) : base(message) { }

    /// <summary>An error with its cause.</summary>
    public DataSetException(string message, Exception inner) : base(message, inner) { }
}
