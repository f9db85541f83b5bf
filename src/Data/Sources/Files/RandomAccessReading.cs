using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>Reading at a place of a file, without a position that threads would have to share.</summary>
internal static class RandomAccessReading
{
    /// <summary>Reads so many bytes.</summary>
    /// <exception cref="InvalidDataException">They are more than a picture can have.</exception>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public static PooledBytes Read(SafeFileHandle file, long offset, long length)
    {
        if (length > FileSet.MostBytes)
            throw new InvalidDataException($"it has {length} bytes, more than the {FileSet.MostBytes} that are read");
        // Before memory is spent on it.
        if (length < 0 || offset > RandomAccess.GetLength(file) - length) throw new EndOfStreamException("the file ends too early");
        var bytes = new PooledBytes((int)length);
        try
        {
            ReadExactly(file, offset, bytes.Span);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>Fills the destination.</summary>
    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    public static void ReadExactly(SafeFileHandle file, long offset, Span<byte> destination)
    {
        if (offset < 0) throw new EndOfStreamException("the file ends too early");
        while (destination.Length > 0)
        {
            var read = RandomAccess.Read(file, destination, offset);
            if (read == 0) throw new EndOfStreamException("the file ends too early");
            destination = destination[read..];
            offset += read;
        }
    }
}
