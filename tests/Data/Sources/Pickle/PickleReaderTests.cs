using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>Pickles of plain data are read, and nothing that a pickle asks for is ever done.</summary>
public sealed class PickleReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Dictionaries_lists_and_arrays_come_back()
    {
        var values = Enumerable.Range(0, 12).Select(i => (byte)(20 * i)).ToArray();
        var content = Read(PickleWriter.Dictionary(("labels", new[] { 3, 255, 70_000, -1 }), ("names", new[] { "a", "b" }),
            ("data", (values, new[] { 2, 6 }))));
        Assert.Equal([3L, 255L, 70_000L, -1L], ((List<object?>)content["labels"]!).Cast<long>());
        Assert.Equal(["a", "b"], ((List<object?>)content["names"]!).Select(PickleObjects.Text));
        var array = (PickleArray)content["data"]!;
        Assert.Equal(("u1", "2 x 6"), (array.NumberType, string.Join(" x ", array.Shape)));
        Assert.Equal(values, array.Bytes.ToArray());
    }

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("numpy.core.multiarray", "fromfile")]
    [InlineData("numpy", "load")]
    [InlineData("os.numpy.core.multiarray", "_reconstruct")]
    public void Every_other_name_is_refused(string module, string name)
    {
        Assert.Contains($"it names {module}.{name}, which is no part of an array", Fails(new PickleWriter().Global(module, name)
            .Text("touch marker").Raw(0x85, (byte)'R').End()));
        byte[] stackGlobal = [0x80, 4, 0x8C, (byte)module.Length, .. Encoding.ASCII.GetBytes(module), 0x8C, (byte)name.Length,
            .. Encoding.ASCII.GetBytes(name), 0x93, (byte)'.'];
        Assert.Contains($"it names {module}.{name}", Fails(stackGlobal));
    }

    // INST, OBJ, NEWOBJ, NEWOBJ_EX, PERSID, BINPERSID, EXT1 make objects of names, or ask the program for them.
    [Theory]
    [InlineData((byte)'i')]
    [InlineData((byte)'o')]
    [InlineData(0x81)]
    [InlineData(0x92)]
    [InlineData((byte)'P')]
    [InlineData((byte)'Q')]
    [InlineData(0x82)]
    [InlineData(0x97)]
    public void Every_other_operation_is_refused(byte code) =>
        Assert.Contains($"it has the operation 0x{code:X2}", Fails(new PickleWriter().Raw((byte)'N', code).End()));

    [Fact]
    public void Known_names_with_other_arguments_are_refused()
    {
        Assert.Contains("not of NumPy's form", Fails(new PickleWriter().Global("numpy", "ndarray").Raw((byte)')', (byte)'R').End()));
        Assert.Contains("do not fit", Fails(new PickleWriter().Text("x").Raw((byte)')', (byte)'R').End()));
        Assert.Contains("not of NumPy's form", Fails(new PickleWriter().Raw((byte)']', (byte)'N', (byte)'b').End()));
        Assert.Contains("2 x 3 numbers has 5 bytes", Fails(new PickleWriter().Array(new byte[5], 2, 3).End()));
        Assert.Contains("has 0 bytes", Fails(new PickleWriter().Array([], int.MaxValue, int.MaxValue, int.MaxValue, 4).End()));
    }

    [Fact]
    public void A_length_beyond_the_file_costs_nothing()
    {
        foreach (var code in (byte[])[(byte)'T', (byte)'X', (byte)'B', 0x8E, 0x8D, 0x96])
            Assert.Contains("cut short", Fails(new PickleWriter().Raw(code, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0).End()));
    }

    /// <summary>One long text, remembered, and turned into bytes again and again.</summary>
    [Fact]
    public void A_small_file_cannot_take_much_memory()
    {
        var writer = new PickleWriter().Raw((byte)'X', 0, 0, 1, 0).Raw(new byte[65536]).Raw((byte)'q', 0)
            .Global("_codecs", "encode").Raw((byte)'X', 6, 0, 0, 0).Raw("latin1"u8.ToArray()).Raw((byte)'q', 2);
        for (var i = 0; i < 10_000; i++)
            writer.Raw((byte)'h', 1, (byte)'h', 0, (byte)'h', 2, 0x86, (byte)'R');
        var bytes = writer.End();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("do not fit", Fails(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50 << 20);
        Assert.Contains("more operations", Fails([0x80, 2, .. Enumerable.Repeat((byte)'N', 3_000_000)]));
    }

    [Fact]
    public void Whatever_is_changed_there_is_a_reason_or_a_value()
    {
        var whole = PickleWriter.Dictionary(("labels", new[] { 3, 255, 70_000 }), ("data", (new byte[12], new[] { 2, 6 })));
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var changed = whole[..(i % 4 == 0 ? random.Next(3, whole.Length) : whole.Length)];
            for (var k = random.Next(1, 4); k > 0; k--) changed[random.Next(2, changed.Length)] = (byte)random.Next(256);
            try { PickleReader.Read(changed, PickleObjects.Instance); }
            catch (InvalidDataException e) { Assert.NotEmpty(e.Message); }
        }
    }

    /// <summary>Files that were written anew: by Python 3, with lists of NumPy's numbers, in every protocol.</summary>
    [PeerFact("/usr/bin/python3", "-c", "import numpy")]
    public void Pythons_own_pickles_are_read()
    {
        var (code, _, error) = Peers.Run("/usr/bin/python3", "-c", $$"""
            import pickle, numpy
            data = numpy.arange(24, dtype=numpy.uint8).reshape(4, 6)
            read_only = data.copy(); read_only.flags.writeable = False
            wide = numpy.array([1, -2, 300], dtype=numpy.int64)
            for protocol in range(0, 6):
                with open(f"{{_folder.Path}}/{protocol}", "wb") as f:
                    pickle.dump({b"data": data, "same": read_only, "wide": wide, "labels": list(wide), "text": "\u00e9", "n": None}, f,
                        protocol)
            """);
        Assert.True(code == 0, error);
        foreach (var protocol in Enumerable.Range(2, 4))
        {
            var content = Read(File.ReadAllBytes(_folder[$"{protocol}"]));
            foreach (var name in (string[])["data", "same"])
                Assert.Equal(Enumerable.Range(0, 24).Select(i => (byte)i), ((PickleArray)content[name]!).Bytes.ToArray());
            Assert.Equal([4, 6], ((PickleArray)content["data"]!).Shape);
            Assert.Equal([1L, -2L, 300L], ((PickleArray)content["wide"]!).Integers());
            Assert.Equal([1L, -2L, 300L], ((List<object?>)content["labels"]!).Cast<long>());
            Assert.Equal("é", content["text"]);
        }
        Assert.Contains("pickle of protocol 2 to 5", Fails(File.ReadAllBytes(_folder["0"])));
    }

    private static Dictionary<string, object?> Read(byte[] pickle) =>
        (Dictionary<string, object?>)PickleReader.Read(pickle, PickleObjects.Instance)!;

    private static string Fails(byte[] pickle) =>
        Assert.Throws<InvalidDataException>(() => PickleReader.Read(pickle, PickleObjects.Instance)).Message;
}
