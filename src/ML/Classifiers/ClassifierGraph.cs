using GanPipeline.Inference;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.ML;

/// <summary>Joins the graph of a features model and that of a classifier of its features.</summary>
internal static class ClassifierGraph
{
    // The version of the operators that ML.NET's converter writes.
    private const long ConvertersOpset = 12;

    private const string Traditional = "ai.onnx.ml";

    // Below it a logarithm is minus infinity in float32.
    private const float LeastProbability = 1e-37f;

    // Operators whose axes have become an input since the converter's version, and the version in which they did.
    private static readonly Dictionary<string, long> _axesAsInput = new()
    {
        ["Squeeze"] = 13, ["Unsqueeze"] = 13, ["ReduceSum"] = 13, ["ReduceMean"] = 18, ["ReduceMax"] = 18, ["ReduceMin"] = 18,
        ["ReduceProd"] = 18, ["ReduceL1"] = 18, ["ReduceL2"] = 18, ["ReduceLogSum"] = 18, ["ReduceLogSumExp"] = 18,
        ["ReduceSumSquare"] = 18,
    };

    /// <summary>Images to logits.</summary>
    /// <param name="features">The features model, which is changed.</param>
    /// <param name="featuresOutput">Its output.</param>
    /// <param name="classifier">The classifier as ML.NET's converter wrote it, which is changed.</param>
    /// <param name="column">The name of its input of features.</param>
    /// <param name="score">The name of its output of scores, [N, K].</param>
    /// <param name="width">K.</param>
    /// <param name="areProbabilities">Whether the scores are probabilities, whose logarithms become the logits.</param>
    /// <exception cref="ModelException">The features model is of an earlier version of ONNX's operators.</exception>
    public static ModelProto Join(
        ModelProto features, string featuresOutput, ModelProto classifier, string column, string score, int width, bool areProbabilities)
    {
        var opset = features.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(1).Max();
        if (opset < ConvertersOpset)
        {
            throw new ModelException($"The features model has version {opset} of ONNX's operators, and a classifier needs " +
                $"{ConvertersOpset} or later; export it again.");
        }
        var graph = features.Graph;
        var known = ValueNames.Of(graph);
        var prefix = "classifier.";
        while (known.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))) prefix = "_" + prefix;
        // The name that the classifier's output gets may be one of the features model's, as in a classifier whose features are taken.
        if (known.Contains(ClassifierModel.Output))
        {
            var other = prefix + "features." + ClassifierModel.Output;
            ValueNames.Rename(graph, new Dictionary<string, string> { [ClassifierModel.Output] = other });
            if (featuresOutput == ClassifierModel.Output) featuresOutput = other;
        }
        ValueNames.Rename(classifier.Graph, ValueNames.Of(classifier.Graph).Where(name => name.Length > 0)
            .ToDictionary(name => name, name => name == column ? featuresOutput : prefix + name));
        foreach (var node in classifier.Graph.Node)
        {
            node.Name = prefix + node.Name;
            GiveAxesAsInput(node, classifier.Graph, opset);
        }
        graph.Node.Add(classifier.Graph.Node);
        graph.Initializer.Add(classifier.Graph.Initializer);
        AddLogits(graph, prefix, prefix + score, areProbabilities);
        SetOutput(graph, width);
        GraphRewriter.Prune(graph);
        foreach (var import in classifier.OpsetImport.Where(import => import.Domain == Traditional))
        {
            if (features.OpsetImport.All(own => own.Domain != Traditional)) features.OpsetImport.Add(import);
        }
        return features;
    }

    private static void AddLogits(GraphProto graph, string prefix, string score, bool areProbabilities)
    {
        if (!areProbabilities)
        {
            graph.Node.Add(Node("Identity", [score], ClassifierModel.Output));
            return;
        }
        var (least, above) = (prefix + "least-probability", prefix + "probabilities");
        graph.Initializer.Add(new TensorProto { Name = least, DataType = (int)DataType.Float, FloatData = { LeastProbability } });
        graph.Node.Add(Node("Max", [score, least], above));
        graph.Node.Add(Node("Log", [above], ClassifierModel.Output));
    }

    private static NodeProto Node(string type, string[] inputs, string output) =>
        new() { OpType = type, Name = output, Input = { inputs }, Output = { output } };

    private static void SetOutput(GraphProto graph, int width)
    {
        var batch = graph.Input[0].Type.TensorType.Shape.Dim[0];
        graph.Output.Clear();
        graph.Output.Add(new ValueInfoProto
        {
            Name = ClassifierModel.Output,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)DataType.Float,
                    Shape = new TensorShapeProto { Dim = { batch, new TensorShapeProto.Types.Dimension { DimValue = width } } },
                },
            },
        });
    }

    private static void GiveAxesAsInput(NodeProto node, GraphProto graph, long opset)
    {
        if (node.Domain is not ("" or "ai.onnx") || !_axesAsInput.TryGetValue(node.OpType, out var since) || opset < since) return;
        if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "axes") is not { } axes) return;
        var name = node.Name + ".axes";
        graph.Initializer.Add(new TensorProto
        {
            Name = name, DataType = (int)DataType.Int64, Dims = { axes.Ints.Count }, Int64Data = { axes.Ints },
        });
        node.Attribute.Remove(axes);
        node.Input.Add(name);
    }
}
