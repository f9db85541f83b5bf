using System.Reflection;
using Onnx;

namespace GanPipeline.Export;

/// <summary>Turns a finished graph into ONNX: leaves out what no output needs, gives names, writes constants as initializers.</summary>
internal static class ModelWriter
{
    /// <summary>The IR version that came with each operator set, from 13 on.</summary>
    private static readonly long[] _irVersions = [7, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11, 12, 13];

    /// <summary>What a file says wrote it.</summary>
    public const string Producer = "GanPipeline";

    /// <summary>The project's version, without the commit that the build adds to it.</summary>
    public static string Version { get; } =
        typeof(ModelWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static ModelProto Write(
        OnnxGraph graph, string name, OnnxValue[] inputs, IReadOnlyList<string> inputNames, OnnxValue[] outputs,
            IReadOnlyList<string> outputNames,
        IReadOnlyDictionary<string, string> metadata)
    {
        outputs = SeparateOutputs(graph, inputs, outputs);
        var nodes = Needed(graph, outputs);
        NameValues(graph, nodes, inputs, inputNames, outputs, outputNames);

        var proto = new GraphProto { Name = Identifiers.Require(name, nameof(name)) };
        proto.Input.AddRange(inputs.Select(input => ValueInfo(graph, input)));
        proto.Output.AddRange(outputs.Select(output => ValueInfo(graph, output)));
        proto.Initializer.AddRange(Initializers(nodes));
        proto.Node.AddRange(nodes.Select(NodeProto));
        proto.ValueInfo.AddRange(nodes.SelectMany(node => node.Outputs).Where(value => !outputs.Contains(value))
            .Select(value => ValueInfo(graph, value)));

        var model = new ModelProto
        {
            IrVersion = _irVersions[graph.Opset - ExportOptions.OldestOpset],
            ProducerName = Producer,
            ProducerVersion = Version,
            Graph = proto,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = graph.Opset });
        model.MetadataProps.AddRange(metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }));
        return model;
    }

    // An output has a name of its own: one that is an input, a constant or another output too becomes a copy.
    private static OnnxValue[] SeparateOutputs(OnnxGraph graph, OnnxValue[] inputs, OnnxValue[] outputs)
    {
        var separate = (OnnxValue[])outputs.Clone();
        for (var i = 0; i < separate.Length; i++)
            if (inputs.Contains(separate[i]) || separate[i].Elements is not null || outputs.AsSpan(0, i).Contains(separate[i]))
                separate[i] = graph.Elementwise("Identity", separate[i]);
        return separate;
    }

    private static List<OnnxNode> Needed(OnnxGraph graph, OnnxValue[] outputs)
    {
        var wanted = new HashSet<OnnxValue>(outputs, ReferenceEqualityComparer.Instance);
        var nodes = new List<OnnxNode>();
        foreach (var node in Enumerable.Reverse(graph.Nodes))
        {
            if (!node.Outputs.Any(wanted.Contains)) continue;
            nodes.Add(node);
            foreach (var input in node.Inputs)
                if (input is not null) wanted.Add(input);
        }
        nodes.Reverse();
        return nodes;
    }

    private static void NameValues(
        OnnxGraph graph, List<OnnxNode> nodes, OnnxValue[] inputs, IReadOnlyList<string> inputNames, OnnxValue[] outputs,
            IReadOnlyList<string> outputNames)
    {
        var names = new UniqueNames();
        foreach (var value in graph.ConstantNames.Keys) value.Name = "";
        for (var i = 0; i < inputs.Length; i++) inputs[i].Name = names.Take(inputNames[i]);
        for (var i = 0; i < outputs.Length; i++) outputs[i].Name = names.Take(outputNames[i]);
        foreach (var node in nodes)
        {
            node.Name = names.Take((node.Path.Length == 0 ? "" : Identifiers.From(node.Path) + "_") + node.OpType);
            foreach (var output in node.Outputs)
                if (!outputs.Contains(output)) output.Name = node.Outputs.Length == 1 ? node.Name : names.Take(node.Name + "_output");
            foreach (var input in node.Inputs)
                if (input is { Elements: not null, Name: "" }) input.Name = names.Take(graph.ConstantNames[input]);
        }
    }

    private static IEnumerable<TensorProto> Initializers(List<OnnxNode> nodes)
    {
        var constants = nodes.SelectMany(node => node.Inputs).OfType<OnnxValue>().Where(input => input.Elements is not null).Distinct();
        foreach (var value in constants)
        {
            var tensor = new TensorProto
            {
                Name = value.Name,
                DataType = (int)value.Type,
                // The format is little-endian, as are all machines that libtorch runs on.
                RawData = ArrayBytes.Of(value.Elements!, value.Name),
            };
            tensor.Dims.AddRange(value.Shape);
            yield return tensor;
        }
    }

    private static NodeProto NodeProto(OnnxNode node)
    {
        var proto = new NodeProto { Name = node.Name, OpType = node.OpType };
        if (node.Source?.Source is { } source) proto.DocString = source;
        proto.Input.AddRange(node.Inputs.Select(input => input?.Name ?? ""));
        proto.Output.AddRange(node.Outputs.Select(output => output.Name));
        proto.Attribute.AddRange(node.Attributes.Where(setting => !IsDefault(node.OpType, setting)).Select(setting => setting.ToProto()));
        return proto;
    }

    /// <summary>Whether an operator with a window does the same without a setting.</summary>
    private static bool IsDefault(string opType, OnnxSetting setting) =>
        opType is "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" && (setting.Name, setting.Value) switch
        {
            ("strides" or "dilations", long[] values) => values.All(value => value == 1),
            ("pads" or "output_padding", long[] values) => values.All(value => value == 0),
            ("group", 1L) => true,
            _ => false,
        };

    /// <summary>A value's name, type and sizes.</summary>
    public static ValueInfoProto ValueInfo(OnnxGraph graph, OnnxValue value)
    {
        var shape = new TensorShapeProto();
        for (var axis = 0; axis < value.Rank; axis++)
            shape.Dim.Add(value.Shape[axis] switch
            {
                OnnxGraph.Batch => new TensorShapeProto.Types.Dimension { DimParam = "N" },
                OnnxGraph.Dynamic => new TensorShapeProto.Types.Dimension { DimParam = Named(axis) ?? $"{value.Name}_size{axis}" },
                var size => new TensorShapeProto.Types.Dimension { DimValue = size },
            });
        return new ValueInfoProto
        {
            Name = value.Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type, Shape = shape } },
        };

        string? Named(int axis) => value.Sizes is { } sizes ? graph.SizeNames.GetValueOrDefault(sizes[axis]) : null;
    }
}
