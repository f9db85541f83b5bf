using System.Text;

namespace GanPipeline.Core.Tests;

public class NpyHeaderTests
{
    [Theory]
    [InlineData("<f4", new long[] { 12, 100 })]
    [InlineData("|u1", new long[] { 1_000_000, 1024, 1024, 3 })]
    [InlineData("<i4", new long[] { 7 })]
    public void A_header_is_read_as_it_was_written(string type, long[] shape)
    {
        var bytes = NpyHeader.Of(type, shape);
        Assert.Equal(NpyHeader.UsualLength, bytes.Length);
        using var stream = new MemoryStream(bytes);
        var header = NpyHeader.Read(stream);
        Assert.Equal((type, false, bytes.Length), (header.Type, header.IsFortranOrder, header.Length));
        Assert.Equal(shape, header.Shape);
        Assert.Equal(bytes.Length, stream.Position);
    }

    /// <summary>Version 2 has a longer length, and others write with other spaces, quotes and ends.</summary>
    [Fact]
    public void Headers_of_others_are_read()
    {
        var text = """{"descr":"<f8","fortran_order":True,"shape":(3, 4)}""" + "\n";
        byte[] bytes = [0x93, .. "NUMPY"u8, 2, 0, (byte)text.Length, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
        var header = NpyHeader.Read(new MemoryStream(bytes));
        Assert.Equal(("<f8", true, bytes.Length, 12), (header.Type, header.IsFortranOrder, header.Length, header.Count));
    }

    [Fact]
    public void What_is_no_array_is_told()
    {
        var whole = NpyHeader.Of("<f4", 3, 4);
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => NpyHeader.Read(new MemoryStream(whole[..length])));
        Told("no NumPy array", "PK this is a zip file"u8.ToArray());
        Told("names no type", Header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3,), }"));
        Told("shape '(3, x)' is damaged", Header("{'descr': '<f4', 'fortran_order': False, 'shape': (3, x), }"));

        static byte[] Header(string text) => [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)];

        static void Told(string why, byte[] bytes) => Assert.Contains(why,
            Assert.Throws<InvalidDataException>(() => NpyHeader.Read(new MemoryStream(bytes))).Message, StringComparison.Ordinal);
    }
}
