using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace GanPipeline.Data;

/// <summary>
/// A file in the IDX format of the MNIST database, plain or gzip: a magic number of two zeros, the type (8: bytes) and the number of
/// dimensions, the dimensions' sizes as big-endian 32-bit numbers, and the values.
/// </summary>
internal sealed class IdxFile
{
    private const int BlockSize = 1 << 22;

    private readonly List<byte[]> _blocks = [];
    private readonly int _itemsPerBlock;

    /// <summary>Reads a file whole. Memory grows with what the file holds, not with what its header promises.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="open">Opens it, with a position that can be set.</param>
    /// <param name="dimensions">How many it must have: 3 for gray images (count, rows, columns), 1 for labels.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="DataSetException">It is not such a file, or does not hold exactly what its header promises.</exception>
    public IdxFile(string path, Func<Stream> open, int dimensions, CancellationToken cancellationToken)
    {
        Path = path;
        try
        {
            using var file = open();
            Fingerprint = Convert.ToHexStringLower(SHA256.HashDataAsync(file, cancellationToken).AsTask().GetAwaiter().GetResult()
                .AsSpan(0, 16));
            file.Position = 0;
            var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using var content = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;

            Sizes = ReadHeader(content, dimensions);
            ItemSize = checked(Sizes.Skip(1).Aggregate(1, (product, size) => checked(product * size)));
            _itemsPerBlock = Math.Max(1, BlockSize / ItemSize);
            ReadItems(content, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new DataSetException($"The gzip data of {path} is damaged: {e.Message}", e);
        }
        catch (OverflowException e)
        {
            throw new DataSetException($"The header of {path} promises items of {string.Join(" x ", Sizes.Skip(1))} bytes, which is more " +
                "than can be.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"{path} cannot be read: {e.Message}", e);
        }
    }

    public string Path { get; }

    /// <summary>The dimensions; the first is the number of items.</summary>
    public int[] Sizes { get; } = [];

    public int Count => Sizes[0];
    public int ItemSize { get; }
    public string Fingerprint { get; } = "";

    public ReadOnlySpan<byte> this[int index] =>
        _blocks[index / _itemsPerBlock].AsSpan(index % _itemsPerBlock * ItemSize, ItemSize);

    private int[] ReadHeader(Stream content, int dimensions)
    {
        Span<byte> header = stackalloc byte[4 + 4 * dimensions];
        var found = content.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (found < 4) throw new DataSetException($"{Path} is not an IDX file: it has {found} bytes, fewer than a header.");
        var magic = BinaryPrimitives.ReadUInt32BigEndian(header);
        var right = 0x0800u + (uint)dimensions;
        if (magic != right)
        {
            throw new DataSetException(
                $"{Path} is not an IDX file of {(dimensions == 1 ? "labels" : "images")}: it begins with 0x{magic:X8}, but must with " +
                    $"0x{right:X8}.");
        }
        if (found < header.Length)
            throw new DataSetException($"{Path} is cut short: its header must have {header.Length} bytes, but the file ends after " +
                $"{found}.");
        var sizes = new int[dimensions];
        for (var i = 0; i < dimensions; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(header[(4 + 4 * i)..]);
            if (sizes[i] < 1)
                throw new DataSetException($"The header of {Path} gives the size {(uint)sizes[i]} for dimension {i + 1}, which must be " +
                    $"from 1 to {int.MaxValue}.");
        }
        return sizes;
    }

    private void ReadItems(Stream content, CancellationToken cancellationToken)
    {
        var promised = (long)Count * ItemSize;
        long found = 0;
        while (found < promised)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var length = (int)Math.Min(promised - found, (long)_itemsPerBlock * ItemSize);
            var (block, read) = ReadBlock(content, length);
            found += read;
            if (read < length)
            {
                throw new DataSetException(
                    $"{Path} is cut short: its header promises {string.Join(" x ", Sizes)} = {promised} bytes, but {found} follow it.");
            }
            _blocks.Add(block);
        }
        if (content.ReadByte() >= 0)
            throw new DataSetException($"{Path} does not fit its header, which promises {string.Join(" x ", Sizes)} = {promised} bytes: " +
                "more follow.");
    }

    /// <summary>An item may be of any size, and a header promises what it likes: memory grows with what comes.</summary>
    private static (byte[] Block, int Read) ReadBlock(Stream content, int length)
    {
        var block = new byte[Math.Min(length, BlockSize)];
        for (var read = 0; ;)
        {
            var more = content.ReadAtLeast(block.AsSpan(read), block.Length - read, throwOnEndOfStream: false);
            read += more;
            if (read < block.Length || read == length) return (block, read);
            Array.Resize(ref block, (int)Math.Min(length, 2L * block.Length));
        }
    }
}
