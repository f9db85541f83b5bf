using System.Buffers.Binary;

namespace GanPipeline.Data.Tests;

public class ExifOrientationTests
{
    // A directory of one entry: the orientation, as a short number.
    private static readonly byte[] _little = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] _big = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] _long = [.. "II*\0"u8, 8, 0, 0, 0, 1, 0, 0x12, 1, 4, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0];

    public static TheoryData<string> Formats => new("jpeg", "padded jpeg", "png", "webp", "tiff");

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_tells_it_in_either_order_of_bytes(string format)
    {
        foreach (var exif in (byte[][])[_little, _big, _long])
        {
            Assert.Equal(6, ExifOrientation.Of(File(format, exif)));
            if (format != "tiff") Assert.Equal(6, ExifOrientation.Of(File(format, [.. "Exif\0\0"u8, .. exif])));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Damaged_and_hostile_directories_mean_upright(string format)
    {
        List<byte[]> hostile =
        [
            [], "II*\0"u8.ToArray(), Changed(4, 0xFF, 0xFF, 0xFF, 0x7F), Changed(4, 0, 0, 0, 0), Changed(4, 0xFE, 0xFF, 0xFF, 0xFF),
            Changed(18, 0), Changed(18, 9), // no orientation has this number
            Changed(12, 5), // a fraction
            Changed(14, 0xFF, 0xFF, 0xFF, 0xFF), // so many, elsewhere
            Changed(10, 0x69, 0x87, 4, 0, 1, 0, 0, 0, 8), // a directory within this one, which is this one
        ];
        for (var length = 0; length < _little.Length - 4; length++) hostile.Add(_little[..length]);
        foreach (var exif in hostile) Assert.Equal(1, ExifOrientation.Of(File(format, exif)));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Directories_that_lead_round_in_a_circle_end(string format)
    {
        // It claims 65,535 entries, and the next directory is this one.
        Assert.Equal(6, ExifOrientation.Of(File(format, Changed(22, 8))));
        Assert.Equal(6, ExifOrientation.Of(File(format, [.. Changed(8, 0xFF, 0xFF), .. new byte[100]])));
    }

    [Fact]
    public void Chunks_with_impossible_lengths_end()
    {
        foreach (var format in (string[])["jpeg", "png", "webp"])
        {
            var file = File(format, _little);
            for (var at = 2; at < file.Length; at++)
            {
                foreach (var value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
                {
                    byte[] changed = [.. file];
                    changed.AsSpan(at, Math.Min(4, file.Length - at)).Fill(value);
                    Assert.InRange(ExifOrientation.Of(changed), 1, 8);
                    Assert.InRange(ExifOrientation.Of(changed.AsSpan(0, at)), 1, 8);
                }
            }
        }
    }

    private static byte[] Changed(int at, params byte[] bytes)
    {
        byte[] exif = [.. _little];
        bytes.CopyTo(exif, at);
        return exif;
    }

    private static byte[] File(string format, byte[] exif)
    {
        byte[] length = [.. BitConverter.GetBytes(exif.Length)];
        if (format != "webp") Array.Reverse(length);
        var jpeg = exif.AsSpan().StartsWith("Exif"u8) ? exif : [.. "Exif\0\0"u8, .. exif];
        var segment = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(segment, (ushort)(jpeg.Length + 2));
        return format switch
        {
            "jpeg" => [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1, .. segment, .. jpeg, 0xFF, 0xDA, 0, 2],
            "padded jpeg" => [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xE1, .. segment, .. jpeg, 0xFF, 0xD9],
            "png" => [0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0, .. "IHDR"u8, 0, 0, 0, 0, .. length, .. "eXIf"u8, .. exif,
                0, 0, 0, 0],
            "webp" => [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8 "u8, 1, 0, 0, 0, 9, 0, .. "EXIF"u8, .. length, .. exif],
            _ => exif,
        };
    }
}
