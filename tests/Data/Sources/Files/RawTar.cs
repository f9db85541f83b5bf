using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>Writes tar archives block by block, with fields that no ordinary program writes.</summary>
internal sealed class RawTar
{
    private const int Block = 512;

    private readonly List<byte> _bytes = [];

    public RawTar File(string name, byte[] content) => Entry('0', name, content);

    public RawTar Entry(char kind, string name, byte[]? content = null, string link = "", string? size = null)
    {
        var header = new byte[Block];
        Encoding.UTF8.GetBytes(name, header.AsSpan(0, 100));
        Encoding.Latin1.GetBytes(size ?? Octal(content?.Length ?? 0, 11), header.AsSpan(124, 12));
        Encoding.Latin1.GetBytes(Octal(0, 11), header.AsSpan(136, 12));
        header[156] = (byte)kind;
        Encoding.UTF8.GetBytes(link, header.AsSpan(157, 100));
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        _bytes.AddRange(header);
        _bytes.AddRange(content ?? []);
        _bytes.AddRange(new byte[(Block - _bytes.Count % Block) % Block]);
        return this;
    }

    /// <summary>The whole archive, with the zeros at its end.</summary>
    public byte[] Bytes() => WithChecksums([.. _bytes, .. new byte[2 * Block]]);

    /// <summary>Corrects the checksum of every block that looks like a header.</summary>
    public static byte[] WithChecksums(byte[] tar)
    {
        for (var at = 0; at < tar.Length; at += Block)
        {
            var block = tar.AsSpan(at, Block);
            if (!block.Slice(257, 5).SequenceEqual("ustar"u8)) continue;
            block.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var b in block) sum += b;
            Encoding.Latin1.GetBytes(Octal(sum, 6) + "\0 ", block.Slice(148, 8));
        }
        return tar;
    }

    private static string Octal(long value, int digits) => Convert.ToString(value, 8).PadLeft(digits, '0');
}
