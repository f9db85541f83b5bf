using System.Text;

namespace GanPipeline.Data;

/// <summary>The objects in pickles of NumPy's arrays. What Python makes by calling functions is made of plain values here.</summary>
internal static class PickleObjects
{
    private const int LongestText = 1000;
    private const int MostDimensions = 8;

    // NumPy 2 renamed numpy.core to numpy._core.
    private static readonly string[] _modules = ["numpy.core.multiarray", "numpy._core.multiarray"];
    private static readonly string[] _numericModules = ["numpy.core.numeric", "numpy._core.numeric"];

    /// <summary>A name that arrays have in pickles.</summary>
    /// <exception cref="InvalidDataException">It is another.</exception>
    public static PickleName Known(string module, string name) => (module, name) switch
    {
        ("numpy", "ndarray" or "dtype") or ("_codecs", "encode") => new(module, name),
        (_, "_reconstruct" or "scalar") when _modules.Contains(module) => new("", name),
        (_, "_frombuffer") when _numericModules.Contains(module) => new("", name),
        _ => throw new InvalidDataException($"it names {Shorten(module)}.{Shorten(name)}, which is no part of an array and is not run"),
    };

    /// <summary>What Python's function would return.</summary>
    /// <exception cref="InvalidDataException">The arguments are not those of an array.</exception>
    public static object? Make(PickleName function, object?[] arguments) => (function.Name, arguments) switch
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

    /// <summary>Gives an object its state.</summary>
    /// <exception cref="InvalidDataException">It is not that of an array or of its type.</exception>
    public static void Fill(object? target, object? state)
    {
        if (target is PickleNumberType type && state is object?[] and [_, var order, ..]) type.IsBigEndian = Text(order) == ">";
        else if (target is PickleArray array
            && state is object?[] and [long, object?[] shape, PickleNumberType of, bool columnsFirst, ReadOnlyMemory<byte> bytes])
            array.Fill(Shape(shape), of, columnsFirst, bytes);
        else throw Unexpected();
    }

    /// <summary>A text, which Python 2 writes as bytes; null for anything else, and for what is longer than names are.</summary>
    public static string? Text(object? value) => value switch
    {
        string { Length: <= LongestText } text => text,
        ReadOnlyMemory<byte> { Length: <= LongestText } bytes => Encoding.UTF8.GetString(bytes.Span),
        _ => null,
    };

    private static PickleArray Filled(IReadOnlyList<int> shape, PickleNumberType type, bool columnsFirst, ReadOnlyMemory<byte> bytes)
    {
        var array = new PickleArray();
        array.Fill(shape, type, columnsFirst, bytes);
        return array;
    }

    private static int[] Shape(object?[] sides) => sides.Length > MostDimensions ? throw Unexpected() :
        [.. sides.Select(side => side is long and >= 0 and <= int.MaxValue ? (int)(long)side : throw Unexpected())];

    private static string Shorten(string name) => name.Length <= 60 ? name : name[..57] + "...";

    private static InvalidDataException Unexpected() => new("an array in it is not of NumPy's form");
}
