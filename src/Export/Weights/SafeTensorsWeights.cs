using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>A safetensors file.</summary>
internal sealed class SafeTensorsWeights : WeightFile
{
    private readonly FileStream _stream;
    private readonly long _dataStart;

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public SafeTensorsWeights(FileStream stream) : base(stream)
    {
        _stream = stream;
        var header = SafeTensorsHeader.Read(stream);
        _dataStart = header.DataStart;
        Tensors = [.. header.Tensors.Select(tensor => new WeightTensor(
            tensor.Name, TypeOf(tensor.Type), tensor.Type, tensor.Shape, () => Read(tensor)))];
    }

    public override string Format => "safetensors";

    public override IReadOnlyList<WeightTensor> Tensors { get; }

    /// <summary>Whether a file begins so: a length, which may be wrong, and a header of JSON.</summary>
    public static bool Is(ReadOnlySpan<byte> start) =>
        start is [_, _, _, _, _, _, _, _, (byte)'{', (byte)'"' or (byte)'}' or (byte)' ' or (byte)'\n', ..];

    private Tensor Read(SafeTensorsRange tensor)
    {
        _stream.Position = _dataStart + tensor.Begin;
        var type = TypeOf(tensor.Type) ??
            throw new InvalidDataException($"its tensor '{tensor.Name}' is of {tensor.Type}, which is not read");
        return WeightTensor.ReadFrom(_stream, type, (tensor.End - tensor.Begin) / WeightTensor.ElementSize(type)).view(tensor.Shape);
    }

    private static ScalarType? TypeOf(string type) => type switch
    {
        "F64" => ScalarType.Float64,
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        "I32" => ScalarType.Int32,
        "I16" => ScalarType.Int16,
        "I8" => ScalarType.Int8,
        "U8" => ScalarType.Byte,
        "BOOL" => ScalarType.Bool,
        _ => null,
    };
}
