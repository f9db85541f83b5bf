using System.Buffers;

namespace SixLabors.ImageSharp.Formats;

/// <summary>The rest of a stream, in a pooled buffer.</summary>
internal sealed class EncodedContent : IDisposable
{
    private byte[] buffer;
    private int length;

    private EncodedContent(int capacity) => buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, length);

    public static EncodedContent Read(Stream stream)
    {
        // One byte more than the rest of the stream, so that the read that finds the end needs no larger buffer.
        var rest = stream.CanSeek ? Math.Max(stream.Length - stream.Position, 0) + 1 : 64 * 1024;
        if (rest > Array.MaxLength) throw new InvalidImageContentException($"A file of {rest - 1} bytes is too large for one picture.");
        var content = new EncodedContent((int)rest);
        try
        {
            while (stream.Read(content.buffer, content.length, content.buffer.Length - content.length) is var read and > 0)
            {
                content.length += read;
                if (content.length == content.buffer.Length) content.Grow();
            }
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private void Grow()
    {
        if (length == Array.MaxLength) throw new InvalidImageContentException($"More than {length} bytes are too large for one picture.");
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(length * 2L, Array.MaxLength));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
