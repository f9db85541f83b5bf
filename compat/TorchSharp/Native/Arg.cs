using static TorchSharp.torch;

namespace TorchSharp.Native;

/// <summary>An argument of an operator, made from the C# value by implicit conversion. A null is the schema's None.</summary>
internal readonly struct Arg
{
    /// <summary>Leaves an argument in the middle to the schema's default.</summary>
    internal static readonly Arg Default = new(Tag.Default);

    internal readonly Tag Tag;
    internal readonly int Index;
    internal readonly long Bits;
    internal readonly object? Reference;

    private Arg(Tag tag, long bits = 0, object? reference = null, int index = 0)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
        Index = index;
    }

    public static implicit operator Arg(Tensor? tensor) => tensor is null ? default : new(Tag.Tensor, 0, tensor);
    public static implicit operator Arg(long value) => new(Tag.Int, value);
    public static implicit operator Arg(long? value) => value is long i ? new(Tag.Int, i) : default;
    public static implicit operator Arg(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Arg(double? value) => value is double d ? d : default(Arg);
    public static implicit operator Arg(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Arg(Scalar? value) => value is null ? default : new(value.Tag, value.Bits);
    public static implicit operator Arg(ScalarType value) => new(Tag.Int, (long)value);
    public static implicit operator Arg(ScalarType? value) => value is ScalarType type ? new(Tag.Int, (long)type) : default;
    public static implicit operator Arg(long[]? values) => values is null ? default : new(Tag.IntList, 0, values);
    public static implicit operator Arg(double[]? values) => values is null ? default : new(Tag.DoubleList, 0, values);
    public static implicit operator Arg(Tensor[] tensors) => new(Tag.TensorList, 0, tensors);
    public static implicit operator Arg(string? text) =>
        text is null ? default : new(Tag.String, 0, System.Text.Encoding.UTF8.GetBytes(text));
    public static implicit operator Arg(Device? device) =>
        device is null ? default : new(Tag.Device, (long)device.type, null, device.index);
    public static implicit operator Arg(Generator? generator) => generator is null ? default : new(Tag.Generator, 0, generator);

    /// <summary>A list of tensors some of which may be missing, such as the indices of an indexing.</summary>
    internal static Arg OptionalTensors(Tensor?[] tensors) => new(Tag.OptionalTensorList, 0, tensors);
}
