using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>Reading at a place of a file, without a position that threads would have to share.</summary>
internal static class RandomAccessReading
{
    private const int HashedPieces = 8, PieceSize = 1 << 15;

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

    /// <summary>See <see cref="FileSet.ContentHash"/>.</summary>
    public static long ContentHash(SafeFileHandle file, long offset, long length)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = length <= HashedPieces * PieceSize ? length : PieceSize;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Max(1, piece));
        try
        {
            // The pieces of a larger file lie evenly, the first at its beginning and the last at its end.
            for (var i = 0; i < (piece == length ? 1 : HashedPieces); i++)
            {
                var bytes = buffer.AsSpan(0, (int)piece);
                ReadExactly(file, offset + (long)((Int128)(length - piece) * i / (HashedPieces - 1)), bytes);
                sha.AppendData(bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        sha.GetHashAndReset(hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
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
