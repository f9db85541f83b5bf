using System.Buffers;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace GanPipeline.Export;

/// <summary>An array's bytes without a copy: a network's weights may be gigabytes.</summary>
internal sealed class ArrayBytes(Array elements, int length) : MemoryManager<byte>
{
    /// <summary>The bytes of an array of numbers, as they lie in memory. The array must not change from here on.</summary>
    /// <exception cref="ExportException">They are 2 GiB or more.</exception>
    public static ByteString Of(Array elements, string name)
    {
        // Buffer.ByteLength gives an int, and throws where it is too small.
        var length = elements.LongLength * (elements is bool[] ? sizeof(bool) : Marshal.SizeOf(elements.GetType().GetElementType()!));
        return length <= int.MaxValue
            ? UnsafeByteOperations.UnsafeWrap(new ArrayBytes(elements, (int)length).Memory)
            : throw new ExportException($"'{name}' has {length:N0} bytes; a tensor of an ONNX file holds less than 2 GiB.");
    }

    public override Span<byte> GetSpan() =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(elements), length);

    // Protocol buffers read spans.
    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

    public override void Unpin() { }

    protected override void Dispose(bool disposing) { }
}
