using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace GanPipeline.Data;

/// <summary>A header of a tar archive (POSIX pax, "ustar Interchange Format", and GNU tar's numbers).</summary>
/// <param name="Name">The entry's path.</param>
/// <param name="Link">What it links to.</param>
/// <param name="Length">The bytes that follow.</param>
/// <param name="Kind">The type flag.</param>
internal readonly record struct TarHeader(string Name, string Link, long Length, char Kind)
{
    public const int Size = 512;

    private const int ChecksumAt = 148, ChecksumLength = 8;

    /// <summary>Whether a block is a header: its checksum is right. The oldest tar archives have no other mark.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block)
    {
        if (Number(block.Slice(ChecksumAt, ChecksumLength)) is not { } claimed || block[0] == 0) return false;
        var sum = ChecksumLength * (long)' ';
        var signed = sum; // some old programs add signed bytes
        for (var i = 0; i < Size; i++)
        {
            if (i is >= ChecksumAt and < ChecksumAt + ChecksumLength) continue;
            sum += block[i];
            signed += (sbyte)block[i];
        }
        return claimed == sum || claimed == signed;
    }

    /// <summary>Null where the block is no header.</summary>
    public static TarHeader? Read(ReadOnlySpan<byte> block)
    {
        if (!IsHeader(block) || Number(block.Slice(124, 12)) is not { } length) return null;
        var name = Text(block[..100]);
        // GNU tar keeps times where POSIX keeps the front of a long name.
        if (block.Slice(257, 6).SequenceEqual("ustar\0"u8) && Text(block.Slice(345, 155)) is { Length: > 0 } front)
            name = $"{front}/{name}";
        return new(name, Text(block.Slice(157, 100)), length, (char)block[156]);
    }

    /// <summary>Text up to the first zero: UTF-8, or else Latin-1.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf((byte)0) is >= 0 and var end) bytes = bytes[..end];
        return (Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
    }

    /// <summary>A number in octal digits, or in binary where the first bit is set; null if it is neither, negative or too large.</summary>
    private static long? Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            long value = field[0] & 0x7F;
            foreach (var b in field[1..])
            {
                if (value > long.MaxValue >> 8) return null;
                value = (value << 8) | b;
            }
            return value;
        }
        var digits = Encoding.Latin1.GetString(field).Trim('\0', ' ');
        if (digits.Length == 0) return 0;
        var number = 0L;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7') return null;
            number = (number << 3) | (uint)(digit - '0');
        }
        return number; // twelve digits are 36 bits
    }
}

/// <summary>What a pax header says of the next entry: lines of a length, a name, and a value.</summary>
internal sealed record PaxRecords(string? Path, string? Link, long? Length, bool IsSparse)
{
    /// <summary>Null where it is damaged.</summary>
    public static PaxRecords? Read(ReadOnlySpan<byte> bytes)
    {
        var records = new PaxRecords(null, null, null, false);
        while (bytes.Length > 0 && bytes[0] != 0)
        {
            var (space, equals) = (bytes.IndexOf((byte)' '), bytes.IndexOf((byte)'='));
            if (space <= 0 || equals < space || Whole(bytes[..space]) is not { } number || number < equals + 2 || number > bytes.Length)
                return null;
            var length = (int)number;
            var value = TarHeader.Text(bytes[(equals + 1)..(length - 1)]);
            switch (TarHeader.Text(bytes[(space + 1)..equals]))
            {
                case "path": records = records with { Path = value }; break;
                case "linkpath": records = records with { Link = value }; break;
                case "size":
                    if (Whole(bytes[(equals + 1)..(length - 1)]) is not { } size) return null;
                    records = records with { Length = size };
                    break;
                case var name when name.StartsWith("GNU.sparse.", StringComparison.Ordinal):
                    records = records with { IsSparse = true };
                    break;
            }
            bytes = bytes[length..];
        }
        return records;
    }

    private static long? Whole(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
