using System.Buffers.Binary;
using System.Text;

namespace GanPipeline.Data.Tests;

/// <summary>
/// Writes pickles as Python 2's cPickle wrote CIFAR's files: protocol 2, with a BINPUT after everything that could be named again.
/// </summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [];
    private byte _puts;

    public PickleWriter() => Raw(0x80, 2);

    public byte[] End()
    {
        Raw((byte)'.');
        return [.. _bytes];
    }

    /// <summary>A dictionary of texts, lists of texts or numbers, and arrays of bytes with sizes.</summary>
    public static byte[] Dictionary(params (string Key, object Value)[] items)
    {
        var writer = new PickleWriter().Raw((byte)'}').Put().Raw((byte)'(');
        foreach (var (key, value) in items) writer.Text(key).Value(value);
        return writer.Raw((byte)'u').End();
    }

    public PickleWriter Raw(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleWriter Text(string text) => Raw((byte)'U', (byte)text.Length).Raw(Encoding.ASCII.GetBytes(text)).Put();

    public PickleWriter Global(string module, string name) => Raw((byte)'c').Raw(Encoding.ASCII.GetBytes($"{module}\n{name}\n")).Put();

    public PickleWriter Put() => Raw((byte)'q', _puts++);

    public PickleWriter Number(int number)
    {
        if (number is >= 0 and <= 255) return Raw((byte)'K', (byte)number);
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Raw((byte)'J').Raw(bytes);
    }

    public PickleWriter Array(byte[] values, params int[] shape)
    {
        Global("numpy.core.multiarray", "_reconstruct").Global("numpy", "ndarray").Number(0).Raw(0x85).Put().Text("b").Raw(0x87).Put()
            .Raw((byte)'R').Put().Raw((byte)'(').Number(1).Raw((byte)'(');
        foreach (var side in shape) Number(side);
        Raw((byte)'t').Put().Global("numpy", "dtype").Text("u1").Number(0).Number(1).Raw(0x87).Put().Raw((byte)'R').Put().Raw((byte)'(')
            .Number(3).Text("|").Raw((byte)'N', (byte)'N', (byte)'N').Number(-1).Number(-1).Number(0).Raw((byte)'t').Put().Raw((byte)'b');
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, values.Length);
        return Raw(0x89, (byte)'T').Raw(length).Raw(values).Put().Raw((byte)'t').Put().Raw((byte)'b');
    }

    private PickleWriter Value(object value)
    {
        if (value is string text) return Text(text);
        if (value is (byte[] values, int[] shape)) return Array(values, shape);
        Raw((byte)']').Put().Raw((byte)'(');
        foreach (var item in (System.Collections.IEnumerable)value) _ = item is string name ? Text(name) : Number(Convert.ToInt32(item));
        return Raw((byte)'e');
    }
}
