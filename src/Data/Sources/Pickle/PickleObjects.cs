using System.Text;

namespace GanPipeline.Data;

/// <summary>The objects in pickles of NumPy's arrays. What Python makes by calling functions is made of plain values here.</summary>
internal sealed class PickleObjects : PickleForm
{
    private const int MostDimensions = 8;

    // NumPy 2 renamed numpy.core to numpy._core.
    private static readonly string[] _modules = ["numpy.core.multiarray", "numpy._core.multiarray"];
    private static readonly string[] _numericModules = ["numpy.core.numeric", "numpy._core.numeric"];

    public static PickleObjects Instance { get; } = new();

    /// <inheritdoc/>
    public override PickleName Known(string module, string name) => (module, name) switch
    {
        ("numpy", "ndarray" or "dtype") or ("_codecs", "encode") => new(module, name),
        (_, "_reconstruct" or "scalar") when _modules.Contains(module) => new("", name),
        (_, "_frombuffer") when _numericModules.Contains(module) => new("", name),
        _ => throw new InvalidDataException($"it names {Shorten(module)}.{Shorten(name)}, which is no part of an array and is not run"),
    };

    /// <inheritdoc/>
    public override object? Make(PickleName function, object?[] arguments) => (function.Name, arguments) switch
    {
        ("_reconstruct", [PickleName { Name: "ndarray" }, ..]) => new PickleArray(),
        ("dtype", [var code, ..]) when Text(code) is { } type => new PickleNumberType(type),
        // Bytes, as Python 3 writes them in protocol 2: a text whose characters are their numbers.
        ("encode", [string text, var encoding]) when Text(encoding) is "latin1" && text.All(c => c <= 0xFF) =>
            (ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(text),
        ("_frombuffer", [ReadOnlyMemory<byte> bytes, PickleNumberType type, object?[] shape, var order]) =>
            Filled(Shape(shape), type, Text(order) == "F", bytes),
        ("scalar", [PickleNumberType type, ReadOnlyMemory<byte> bytes]) => Filled([1], type, false, bytes).Integers()[0],
        _ => throw Unexpected(),
    };

    /// <inheritdoc/>
    public override void Fill(object? target, object? state)
    {
        if (target is PickleNumberType type && state is object?[] and [_, var order, ..]) type.IsBigEndian = Text(order) == ">";
        else if (target is PickleArray array
            && state is object?[] and [long, object?[] shape, PickleNumberType of, bool columnsFirst, ReadOnlyMemory<byte> bytes])
            array.Fill(Shape(shape), of, columnsFirst, bytes);
        else throw Unexpected();
    }

    private static PickleArray Filled(IReadOnlyList<int> shape, PickleNumberType type, bool columnsFirst, ReadOnlyMemory<byte> bytes)
    {
        var array = new PickleArray();
        array.Fill(shape, type, columnsFirst, bytes);
        return array;
    }

    private static int[] Shape(object?[] sides) => sides.Length > MostDimensions ? throw Unexpected() :
        [.. sides.Select(side => side is long and >= 0 and <= int.MaxValue ? (int)(long)side : throw Unexpected())];

    private static InvalidDataException Unexpected() => new("an array in it is not of NumPy's form");
}
