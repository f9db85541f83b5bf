using Google.Protobuf;
using Onnx;
using static Onnx.AttributeProto.Types;

namespace GanPipeline.Export;

/// <summary>
/// A named setting of an ONNX operator; written as a tuple: <c>("alpha", 0.2f)</c>, <c>("kernel_shape", new long[] { 3, 3 })</c>.
/// </summary>
public readonly record struct OnnxSetting
{
    private OnnxSetting(string name, object value) => (Name, Value) = (Identifiers.Require(name, nameof(name)), value);

    /// <summary>The attribute's name as the ONNX operator's definition gives it.</summary>
    public string Name { get; }

    /// <summary>A long, float, string, long[], float[] or string[].</summary>
    public object Value { get; }

    /// <summary>An integer attribute.</summary>
    public static implicit operator OnnxSetting((string Name, long Value) attribute) => new(attribute.Name, attribute.Value);

    /// <summary>An integer attribute.</summary>
    public static implicit operator OnnxSetting((string Name, int Value) attribute) => new(attribute.Name, (long)attribute.Value);

    /// <summary>A float attribute.</summary>
    public static implicit operator OnnxSetting((string Name, float Value) attribute) => new(attribute.Name, attribute.Value);

    /// <summary>A string attribute.</summary>
    public static implicit operator OnnxSetting((string Name, string Value) attribute) => new(attribute.Name, attribute.Value);

    /// <summary>An attribute of several integers.</summary>
    public static implicit operator OnnxSetting((string Name, long[] Value) attribute) => new(attribute.Name, attribute.Value);

    /// <summary>An attribute of several floats.</summary>
    public static implicit operator OnnxSetting((string Name, float[] Value) attribute) => new(attribute.Name, attribute.Value);

    /// <summary>An attribute of several strings.</summary>
    public static implicit operator OnnxSetting((string Name, string[] Value) attribute) => new(attribute.Name, attribute.Value);

    internal AttributeProto ToProto()
    {
        var proto = new AttributeProto { Name = Name };
        switch (Value)
        {
            case long number: (proto.Type, proto.I) = (AttributeType.Int, number); break;
            case float number: (proto.Type, proto.F) = (AttributeType.Float, number); break;
            case string text: (proto.Type, proto.S) = (AttributeType.String, ByteString.CopyFromUtf8(text)); break;
            case long[] numbers: proto.Type = AttributeType.Ints; proto.Ints.AddRange(numbers); break;
            case string[] texts:
                proto.Type = AttributeType.Strings;
                proto.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            case float[] numbers: proto.Type = AttributeType.Floats; proto.Floats.AddRange(numbers); break;
        }
        return proto;
    }
}
