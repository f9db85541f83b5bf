namespace GanPipeline.Data;

/// <summary>A data set cannot be used as it was asked for. The message is complete: which file or setting, what is wrong, what would be right.</summary>
public sealed class DataSetException : Exception
{
    /// <summary>An error with nothing underneath it.</summary>
    public DataSetException(string message) : base(message) { }

    /// <summary>An error that another one caused.</summary>
    public DataSetException(string message, Exception inner) : base(message, inner) { }
}
