using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A number of any element type, as operators take it. It holds no native resource here.</summary>
public sealed class Scalar : IDisposable
{
    internal readonly Tag Tag;
    internal readonly long Bits;

    private Scalar(ScalarType type, Tag tag, long bits)
    {
        Type = type;
        Tag = tag;
        Bits = bits;
    }

    private Scalar(ScalarType type, long value) : this(type, Tag.Int, value) { }

    private Scalar(ScalarType type, double value) : this(type, Tag.Double, BitConverter.DoubleToInt64Bits(value)) { }

    public ScalarType Type { get; }

    internal double AsDouble => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(Bits) : Bits;

    internal long AsInt64 => Tag == Tag.Double ? (long)BitConverter.Int64BitsToDouble(Bits) : Bits;

    public static implicit operator Scalar(byte value) => new(ScalarType.Byte, (long)value);
    public static implicit operator Scalar(sbyte value) => new(ScalarType.Int8, (long)value);
    public static implicit operator Scalar(short value) => new(ScalarType.Int16, (long)value);
    public static implicit operator Scalar(int value) => new(ScalarType.Int32, (long)value);
    public static implicit operator Scalar(long value) => new(ScalarType.Int64, value);
    public static implicit operator Scalar(float value) => new(ScalarType.Float32, (double)value);
    public static implicit operator Scalar(double value) => new(ScalarType.Float64, value);
    public static implicit operator Scalar(bool value) => new(ScalarType.Bool, Tag.Bool, value ? 1 : 0);

    public void Dispose() { }
}

public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;
    public static Scalar ToScalar(this int value) => value;
    public static Scalar ToScalar(this long value) => value;
    public static Scalar ToScalar(this float value) => value;
    public static Scalar ToScalar(this double value) => value;
    public static Scalar ToScalar(this bool value) => value;

    public static byte ToByte(this Scalar value) => checked((byte)value.AsInt64);
    public static int ToInt32(this Scalar value) => checked((int)value.AsInt64);
    public static long ToInt64(this Scalar value) => value.AsInt64;
    public static float ToSingle(this Scalar value) => (float)value.AsDouble;
    public static double ToDouble(this Scalar value) => value.AsDouble;
    public static bool ToBoolean(this Scalar value) => value.AsDouble != 0;
}
