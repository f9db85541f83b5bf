using System.Runtime.InteropServices;
using Google.Protobuf;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>Adds nodes at a graph's ends, so that its inputs and outputs get the names and forms that this project reads.</summary>
internal sealed class GraphEditor(ModelProto model)
{
    // The operators that are added take their shapes as inputs, and join shapes as they do now, since this version.
    private const long LeastOpset = 7;

    private readonly HashSet<string> _known = ValueNames.Of(model.Graph);

    public ModelProto Model => model;

    public GraphProto Graph => model.Graph;

    /// <summary>Whether anything was changed.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Gives the graph another input in place of one of its own.</summary>
    /// <param name="old">Its own.</param>
    /// <param name="name">The new one, of float32.</param>
    /// <param name="dimensions">The new one's; -1 for what is free.</param>
    /// <returns>The name that the old one has now, as a value that a node has yet to make (see <see cref="Bind"/>).</returns>
    public string Input(string old, string name, int[] dimensions)
    {
        var inner = Move(old);
        Claim(name);
        var given = Graph.Input.Single(input => input.Name == inner);
        Graph.Input[Graph.Input.IndexOf(given)] = Described(name, dimensions, DataType.Float);
        return inner;
    }

    /// <summary>Makes an input a constant: one row, which stands for those of all images.</summary>
    public void Fix(string name, ReadOnlySpan<float> row)
    {
        IsChanged = true;
        Graph.Input.Remove(Graph.Input.Single(input => input.Name == name));
        Graph.Initializer.Add(new TensorProto
        {
            Name = name, DataType = (int)DataType.Float, Dims = { 1, row.Length },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(row)),
        });
    }

    /// <summary>Makes what <see cref="Fix"/> made a constant an input again, with any number of rows.</summary>
    public void Release(TensorProto row)
    {
        IsChanged = true;
        Graph.Initializer.Remove(row);
        Graph.Input.Add(Described(row.Name, [-1, (int)row.Dims[1]], DataType.Float));
    }

    /// <summary>Gives the graph another output in place of one of its own.</summary>
    /// <param name="old">Its own.</param>
    /// <param name="name">The new one.</param>
    /// <param name="dimensions">The new one's; -1 for what is free.</param>
    /// <param name="type">The new one's.</param>
    /// <param name="make">Adds the nodes between the value that the output had, whose name it is given, and that for the new one.</param>
    public void Output(string old, string name, int[] dimensions, DataType type, Func<string, string> make)
    {
        var inner = Move(old);
        Claim(name);
        var given = Graph.Output.Single(output => output.Name == inner);
        Graph.Output[Graph.Output.IndexOf(given)] = Described(name, dimensions, type);
        Bind(make(inner), name);
    }

    /// <summary>Adds an output beside the graph's own.</summary>
    public void AddOutput(string value, string name, int[] dimensions)
    {
        Bind(value, name);
        Graph.Output.Add(Described(name, dimensions, DataType.Float));
    }

    /// <summary>Adds a node of one output.</summary>
    /// <returns>The output's name.</returns>
    public string Node(string type, string[] inputs, params AttributeProto[] attributes)
    {
        var output = Fresh($"GanPipeline.{type}");
        Graph.Node.Add(new NodeProto { OpType = type, Name = output, Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    /// <summary>Makes a value the one of this name.</summary>
    /// <exception cref="GraphProblemException">The graph is of a version that the added nodes do not fit into.</exception>
    public void Bind(string value, string name)
    {
        RequireVersion();
        IsChanged = true;
        _known.Add(name);
        Graph.Node.Add(new NodeProto { OpType = "Identity", Name = Fresh($"GanPipeline.{name}"), Input = { value }, Output = { name } });
    }

    public string Cast(string value, DataType to) => Node("Cast", [value], Int("to", (long)to));

    /// <summary>Adds a reshaping; 0 keeps a dimension.</summary>
    public string Reshape(string value, params long[] shape) => Node("Reshape", [value, Constant(new TensorProto
    {
        DataType = (int)DataType.Int64, Dims = { shape.Length }, Int64Data = { shape },
    })]);

    public string Transpose(string value, params long[] order) => Node("Transpose", [value], new AttributeProto
    {
        Name = "perm", Type = AttributeProto.Types.AttributeType.Ints, Ints = { order },
    });

    /// <summary>Adds a number.</summary>
    /// <returns>Its name.</returns>
    public string Number(float value) => Constant(new TensorProto { DataType = (int)DataType.Float, FloatData = { value } });

    public static AttributeProto Int(string name, long value) => new()
    {
        Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value,
    };

    /// <summary>Writes an entry of the metadata, in place of one that there was.</summary>
    public void SetMetadata(string key, string value)
    {
        IsChanged = true;
        foreach (var old in model.MetadataProps.Where(entry => entry.Key == key).ToArray()) model.MetadataProps.Remove(old);
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <exception cref="GraphProblemException">The graph is of a version that the added nodes do not fit into.</exception>
    private void RequireVersion()
    {
        var opset = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(1).Max();
        if (opset >= LeastOpset) return;
        throw new GraphProblemException($"its inputs or outputs have other forms than needed, and its operators are of version {opset}; " +
            $"convert it to version {LeastOpset} or later.");
    }

    private string Constant(TensorProto tensor)
    {
        tensor.Name = Fresh("GanPipeline.constant");
        Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Move(string name)
    {
        var to = Fresh(name);
        ValueNames.Rename(Graph, new Dictionary<string, string> { [name] = to });
        _known.Remove(name);
        return to;
    }

    private void Claim(string name)
    {
        if (_known.Contains(name)) Move(name);
        _known.Add(name);
    }

    private string Fresh(string name)
    {
        var fresh = name;
        for (var i = 1; !_known.Add(fresh); i++) fresh = $"{name}_{i}";
        return fresh;
    }

    private static ValueInfoProto Described(string name, int[] dimensions, DataType type)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dimensions.Select((d, axis) => d < 0
            ? new TensorShapeProto.Types.Dimension { DimParam = axis == 0 ? "N" : $"{name}.{axis}" }
            : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto
        {
            Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } },
        };
    }
}
