namespace GanPipeline.Export;

/// <summary>
/// A network that cannot be exported, an export that does not agree with its network, or a file that cannot be written.
/// The message names the module by its path in the network, as <c>state_dict</c> does, and says what would be right.
/// No file was written, and a file that was there before is untouched.
/// </summary>
public sealed class ExportException : Exception
{
    /// <summary>Makes an exception with a complete message.</summary>
    public ExportException(string message) : base(message) { }

    /// <summary>Makes an exception with a complete message and what led to it.</summary>
    public ExportException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Makes an exception of an export that does not agree with its network.</summary>
    internal ExportException(string message, VerificationReport verification) : base(message) => Verification = verification;

    /// <summary>How the export differs from its network, where that is what happened.</summary>
    public VerificationReport? Verification { get; }
}
