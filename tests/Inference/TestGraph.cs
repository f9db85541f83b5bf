using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>A small model, written node by node.</summary>
internal sealed class TestGraph
{
    private readonly ModelProto _model = new()
    {
        IrVersion = 8, Graph = new GraphProto { Name = "test" }, OpsetImport = { new OperatorSetIdProto { Version = 17 } },
    };

    public ModelProto Model => _model;

    public byte[] Bytes => _model.ToByteArray();

    /// <summary>An input; the dimension -1 is free.</summary>
    public TestGraph Input(string name, DataType type, params long[] dimensions)
    {
        _model.Graph.Input.Add(Described(name, type, dimensions));
        return this;
    }

    /// <summary>An output; the dimension -1 is free.</summary>
    public TestGraph Output(string name, DataType type, params long[] dimensions)
    {
        _model.Graph.Output.Add(Described(name, type, dimensions));
        return this;
    }

    /// <summary>A node whose inputs and output are given as <c>a, b -> c</c>.</summary>
    public TestGraph Node(string type, string values, params (string Name, object Value)[] attributes)
    {
        var sides = values.Split("->", StringSplitOptions.TrimEntries);
        var node = new NodeProto { OpType = type, Name = $"{type}_{_model.Graph.Node.Count}", Output = { sides[1] } };
        if (sides[0].Length > 0) node.Input.AddRange(sides[0].Split(',', StringSplitOptions.TrimEntries));
        node.Attribute.AddRange(attributes.Select(a => Attribute(a.Name, a.Value)));
        _model.Graph.Node.Add(node);
        return this;
    }

    /// <summary>Numbers drawn by the name, about as large as a trained network's.</summary>
    public TestGraph Weights(string name, params long[] dimensions)
    {
        var random = new Random(name.Length);
        return Floats(name, dimensions, [.. Enumerable.Range(0, (int)dimensions.Aggregate((a, b) => a * b))
            .Select(_ => random.NextSingle() - 0.5f)]);
    }

    public TestGraph Floats(string name, long[] dimensions, float[] values)
    {
        _model.Graph.Initializer.Add(new TensorProto
        {
            Name = name, DataType = (int)DataType.Float, Dims = { dimensions },
            RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())),
        });
        return this;
    }

    public TestGraph Whole(string name, params long[] values)
    {
        _model.Graph.Initializer.Add(new TensorProto
        {
            Name = name, DataType = (int)DataType.Int64, Dims = { values.Length }, Int64Data = { values },
        });
        return this;
    }

    public TestGraph Metadata(string key, string value)
    {
        _model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return this;
    }

    public static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int number: (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number); break;
            case long number: (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number); break;
            case float number: (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number); break;
            case string text: (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String,
                ByteString.CopyFromUtf8(text)); break;
            case long[] numbers: attribute.Type = AttributeProto.Types.AttributeType.Ints; attribute.Ints.AddRange(numbers); break;
            case GraphProto graph: (attribute.Type, attribute.G) = (AttributeProto.Types.AttributeType.Graph, graph); break;
            default: throw new ArgumentException($"No attribute of {value.GetType()}.", nameof(value));
        }
        return attribute;
    }

    private static ValueInfoProto Described(string name, DataType type, long[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions.Select((d, axis) => d < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = axis == 0 ? "N" : $"{name}_{axis}" }
            : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto
        {
            Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
