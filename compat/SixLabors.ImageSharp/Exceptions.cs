namespace SixLabors.ImageSharp;

/// <summary>Something is wrong with an encoded picture.</summary>
public class ImageFormatException : Exception
{
    internal ImageFormatException(string errorMessage) : base(errorMessage) { }

    internal ImageFormatException(string errorMessage, Exception innerException) : base(errorMessage, innerException) { }
}

/// <summary>The data are of no known picture format.</summary>
public sealed class UnknownImageFormatException : ImageFormatException
{
    public UnknownImageFormatException(string errorMessage) : base(errorMessage) { }
}

/// <summary>The format is known, and the content breaks its rules.</summary>
public sealed class InvalidImageContentException : ImageFormatException
{
    public InvalidImageContentException(string errorMessage) : base(errorMessage) { }

    public InvalidImageContentException(string errorMessage, Exception innerException) : base(errorMessage, innerException) { }
}

/// <summary>An operation on a decoded picture failed.</summary>
public sealed class ImageProcessingException : Exception
{
    public ImageProcessingException(string errorMessage) : base(errorMessage) { }
}
