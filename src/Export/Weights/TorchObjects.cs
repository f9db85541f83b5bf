using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>A row of numbers that tensors of a PyTorch file are views of.</summary>
/// <param name="Type">Their type.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">How many there are.</param>
internal sealed record TorchStorage(ScalarType Type, string Key, long Count);

/// <summary>A tensor of a PyTorch file: part of a storage.</summary>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides);

/// <summary>
/// The objects in the pickles that <c>torch.save</c> writes of state dicts and checkpoints. Nothing that a pickle names is looked up or
/// run: a tensor is noted, what a checkpoint often has beside its weights becomes null, and any other name is refused.
/// </summary>
/// <remarks>
/// TorchSharp.PyBridge 1.4 was considered. It registers constructors for all of a process with a general unpickler, takes memory by the
/// sizes that a file states, reads neither the format before PyTorch 1.6 nor wrapped state dicts, and fills no tensor that shares a
/// storage or is a transposed view of one.
/// </remarks>
internal sealed class TorchObjects : PickleForm
{
    private const int MostDimensions = 32;

    private static readonly Dictionary<string, ScalarType> _storages = new()
    {
        ["DoubleStorage"] = ScalarType.Float64,
        ["FloatStorage"] = ScalarType.Float32,
        ["HalfStorage"] = ScalarType.Float16,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Int64,
        ["IntStorage"] = ScalarType.Int32,
        ["ShortStorage"] = ScalarType.Int16,
        ["CharStorage"] = ScalarType.Int8,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
    };

    // What training programs put beside weights: settings, paths, losses, states of random numbers.
    private static readonly HashSet<string> _ignored =
    [
        "argparse.Namespace", "types.SimpleNamespace", "torch.device", "torch.Size", "torch.dtype", "pathlib.PosixPath",
        "pathlib.WindowsPath", "pathlib.PurePosixPath", "datetime.datetime", "datetime.timedelta", "numpy.dtype", "numpy.ndarray",
        "numpy.core.multiarray.scalar", "numpy.core.multiarray._reconstruct", "numpy._core.multiarray.scalar",
        "numpy._core.multiarray._reconstruct", "_codecs.encode", "builtins.set", "builtins.frozenset",
        "builtins.slice", "builtins.complex", "builtins.bytearray", "__builtin__.set", "__builtin__.frozenset", "__builtin__.slice",
        "__builtin__.complex", "__builtin__.bytearray",
    ];

    private static readonly HashSet<string> _types =
        ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128"];

    private static readonly HashSet<string> _dictionaries =
        ["collections.OrderedDict", "collections.defaultdict", "collections.Counter", "builtins.dict", "__builtin__.dict"];

    /// <summary>The storages that a pickle has named, by their keys.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = [];

    /// <inheritdoc/>
    public override bool HasObjects => true;

    /// <inheritdoc/>
    public override PickleName Known(string module, string name)
    {
        var full = $"{module}.{name}";
        var known = module switch
        {
            "torch._utils" => name is "_rebuild_tensor" or "_rebuild_tensor_v2" or "_rebuild_parameter",
            "torch" or "torch.storage" when _storages.ContainsKey(name) => true,
            "torch" when _types.Contains(name) => true,
            "collections" when name == "deque" => true,
            _ => _dictionaries.Contains(full) || _ignored.Contains(full),
        };
        if (known) return new(module, name);
        var whole = module.StartsWith("torch.nn.", StringComparison.Ordinal) || module.StartsWith("__", StringComparison.Ordinal)
            ? ". A file of a whole model holds its program; save model.state_dict() with torch.save instead"
            : "";
        throw new InvalidDataException(
            $"it names {Shorten(module)}.{Shorten(name)}, which is no part of a state dict and is not run{whole}");
    }

    /// <inheritdoc/>
    public override object? Make(PickleName function, object?[] arguments) => (function.Name, arguments) switch
    {
        ("_rebuild_tensor" or "_rebuild_tensor_v2", [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]) =>
            Tensor(storage, offset, shape, strides),
        ("_rebuild_parameter", [TorchTensor tensor, ..]) => tensor,
        ("Size", [object?[] sizes]) => sizes,
        ("deque", _) => new List<object?>(),
        _ when _dictionaries.Contains($"{function.Module}.{function.Name}") => new Dictionary<string, object?>(),
        _ when _ignored.Contains($"{function.Module}.{function.Name}") => null,
        _ => throw new InvalidDataException($"a tensor in it is not of the form that torch.save writes ({function.Name})"),
    };

    // Of a state dict it is the versions of its modules.
    /// <inheritdoc/>
    public override void Fill(object? target, object? state)
    {
        if (target is not (null or Dictionary<string, object?> or TorchTensor))
            throw new InvalidDataException("an object in it has a state, which values have not");
    }

    /// <inheritdoc/>
    public override string Key(object? value) =>
        Text(value) ?? (value is long number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : "?");

    /// <inheritdoc/>
    public override object? Persistent(object? id)
    {
        if (id is not object?[] parts || parts is not [var kind, PickleName type, var key, _, long count, ..] ||
            Text(kind) != "storage" || Text(key) is not { } name || count < 0 || !_storages.TryGetValue(type.Name, out var numbers))
            throw new InvalidDataException("a tensor's numbers in it are not where torch.save puts them");
        if (parts is [_, _, _, _, _, not null, ..])
            throw new InvalidDataException("its tensors share numbers as they did before PyTorch 1.0; save it anew");
        if (!Storages.TryGetValue(name, out var storage)) Storages.Add(name, storage = new TorchStorage(numbers, name, count));
        if (storage.Type != numbers || storage.Count != count)
            throw new InvalidDataException($"it has two storages '{Shorten(name)}'");
        return storage;
    }

    private static TorchTensor Tensor(TorchStorage storage, long offset, object?[] shape, object?[] strides)
    {
        var tensor = new TorchTensor(storage, offset, Numbers(shape), Numbers(strides));
        if (tensor.Shape.Length != tensor.Strides.Length || tensor.Shape.Length > MostDimensions || offset < 0 ||
            Behind(tensor) > storage.Count)
        {
            throw new InvalidDataException($"a tensor [{string.Join(", ", tensor.Shape.Take(MostDimensions))}] in it goes beyond its " +
                $"{storage.Count} numbers");
        }
        return tensor;
    }

    /// <summary>The place behind a tensor's last number in its storage; its first place where it has none.</summary>
    public static Int128 Behind(TorchTensor tensor)
    {
        if (tensor.Shape.Contains(0)) return tensor.Offset;
        Int128 last = tensor.Offset;
        foreach (var (size, stride) in tensor.Shape.Zip(tensor.Strides)) last += (Int128)(size - 1) * stride;
        return last + 1;
    }

    private static long[] Numbers(object?[] values) => values.Length > MostDimensions
        ? throw new InvalidDataException($"a tensor in it has {values.Length} axes")
        : [.. values.Select(value => value is long and >= 0 ? (long)value
            : throw new InvalidDataException("a tensor in it has an axis whose size is no number"))];
}
