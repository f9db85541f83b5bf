using Onnx;

namespace GanPipeline.Inference;

/// <summary>
/// The check before a session is made: refuses what would end the process in ONNX Runtime, or take more memory than allowed. Everything
/// else that is wrong with a model ONNX Runtime says itself.
/// </summary>
internal static class GraphCheck
{
    private const int MostCalls = 256;
    private const int MostRounds = 1_000_000;

    // Where an infinity is no mask but a weight.
    private static readonly HashSet<string> _withWeights =
        ["Conv", "ConvTranspose", "Gemm", "MatMul", "BatchNormalization", "InstanceNormalization", "LayerNormalization"];

    // The inputs that an operator cannot do without; of all others the first.
    private static readonly Dictionary<string, int> _required = new()
    {
        ["Conv"] = 2, ["ConvTranspose"] = 2, ["ConvInteger"] = 2, ["QLinearConv"] = 8, ["Gemm"] = 2, ["MatMul"] = 2,
        ["BatchNormalization"] = 5, ["InstanceNormalization"] = 3, ["GroupNormalization"] = 3, ["LayerNormalization"] = 2,
        ["Reshape"] = 2, ["Gather"] = 2, ["Expand"] = 2, ["Tile"] = 2, ["Add"] = 2, ["Sub"] = 2, ["Mul"] = 2, ["Div"] = 2, ["Pow"] = 2,
        ["Where"] = 3, ["OneHot"] = 3, ["Range"] = 3, ["PRelu"] = 2, ["ScatterND"] = 3, ["GatherND"] = 2, ["GridSample"] = 2,
        ["Loop"] = 0, ["Scan"] = 0,
    };

    /// <summary>Bytes that the network needs between its layers, for one image, or for one batch where the batch is fixed.</summary>
    /// <param name="model">The model, its external data taken in.</param>
    /// <param name="memoryLimit">The most of them.</param>
    /// <exception cref="GraphProblemException">The model is not to be run.</exception>
    public static long Check(ModelProto model, long memoryLimit)
    {
        if (model.Graph is null) throw new GraphProblemException("it holds no graph.");
        CheckFunctions(model);
        CheckLoops(model);
        CheckNodes(model.Graph);
        foreach (var node in model.Functions.SelectMany(function => function.Node)) CheckNode(node);
        CheckWeights(model.Graph);
        return GraphSizes.Peak(model, memoryLimit);
    }

    private static void CheckNodes(GraphProto graph)
    {
        foreach (var tensor in graph.Initializer) CheckTensor(tensor, $"the weights '{tensor.Name}'");
        foreach (var sparse in graph.SparseInitializer)
        {
            if (sparse.Dims.Any(d => d < 0) || TensorValues.Elements(sparse.Dims) > int.MaxValue)
                throw new GraphProblemException($"the sparse weights '{sparse.Values?.Name}' are [{string.Join(", ", sparse.Dims)}].");
        }
        foreach (var node in graph.Node) CheckNode(node);
    }

    private static void CheckNode(NodeProto node)
    {
        var required = node.Domain.Length == 0 ? _required.GetValueOrDefault(node.OpType, 1) : 0;
        for (var i = 0; i < Math.Min(required, node.Input.Count); i++)
            if (node.Input[i].Length == 0) throw new GraphProblemException($"{AttributeLimits.Describe(node)} lacks its input {i + 1}.");
        AttributeLimits.Check(node);
        foreach (var attribute in node.Attribute)
        {
            foreach (var tensor in TensorsOf(attribute)) CheckTensor(tensor, $"a tensor of {AttributeLimits.Describe(node)}");
            foreach (var inner in GraphsOf(attribute)) CheckNodes(inner);
        }
    }

    /// <summary>A tensor whose dimensions promise more than its data hold makes ONNX Runtime allocate what they promise.</summary>
    private static void CheckTensor(TensorProto tensor, string what)
    {
        var elements = TensorValues.Elements(tensor.Dims);
        var shape = $"[{string.Join(", ", tensor.Dims)}]";
        if (tensor.Dims.Any(d => d < 0) || elements > int.MaxValue) throw new GraphProblemException($"{what} would be {shape}.");
        var size = TensorValues.ElementSize(tensor);
        if (tensor.RawData.Length > 0 && size > 0 && tensor.RawData.Length != elements * size)
            throw new GraphProblemException($"{what} are {shape}, which needs {elements * size:N0} bytes, not {tensor.RawData.Length:N0}.");
        if (tensor.RawData.Length > 0) return;
        var listed = tensor.FloatData.Count + tensor.Int32Data.Count + tensor.Int64Data.Count + tensor.DoubleData.Count
            + tensor.Uint64Data.Count + tensor.StringData.Count;
        // Some types have several elements in a number, or several numbers in an element.
        if (size is 4 or 8 && (TensorProto.Types.DataType)tensor.DataType != TensorProto.Types.DataType.Complex64
            ? listed != elements : listed == 0 && elements > 0)
            throw new GraphProblemException($"{what} are {shape}, but hold {listed:N0} numbers.");
    }

    /// <summary>Weights that are no numbers may not show in what comes out: a ReLU makes 0 of NaN.</summary>
    private static void CheckWeights(GraphProto graph)
    {
        HashSet<string> weights = [.. graph.Node.Where(node => _withWeights.Contains(node.OpType)).SelectMany(node => node.Input)];
        foreach (var tensor in graph.Initializer)
        {
            if (!TensorValues.AreFinite(tensor, infinite: !weights.Contains(tensor.Name)))
                throw new GraphProblemException($"its weights '{tensor.Name}' are NaN or infinite, as of a training that diverged.");
        }
    }

    /// <summary>A function that calls itself has no end when ONNX Runtime writes it out, and a long chain of them no stack.</summary>
    private static void CheckFunctions(ModelProto model)
    {
        var functions = model.Functions.GroupBy(f => (f.Domain, f.Name)).ToDictionary(g => g.Key, g => g.First());
        Dictionary<(string, string), bool> finished = [];
        foreach (var function in functions.Keys) Visit(function, 1);

        void Visit((string Domain, string Name) key, int depth)
        {
            if (depth > MostCalls) throw new GraphProblemException($"its functions call each other {MostCalls} deep.");
            if (!functions.TryGetValue(key, out var function)) return;
            if (finished.TryGetValue(key, out var done))
            {
                if (!done) throw new GraphProblemException($"its function '{key.Name}' calls itself.");
                return;
            }
            finished[key] = false;
            foreach (var node in Inner(function.Node)) Visit((node.Domain, node.OpType), depth + 1);
            finished[key] = true;
        }
    }

    /// <summary>
    /// Nothing says in advance that a loop ends whose rounds the network computes itself, and nothing ends a session that does not.
    /// </summary>
    private static void CheckLoops(ModelProto model)
    {
        NodeProto[] nodes = [.. Inner(model.Graph.Node.Concat(model.Functions.SelectMany(function => function.Node)))];
        NodeProto[] loops = [.. nodes.Where(node => node.OpType == "Loop" && node.Domain.Length == 0)];
        if (loops.Length == 0) return;
        var constants = nodes.Where(node => node.OpType == "Constant" && node.Output.Count == 1)
            .Select(node => (Name: node.Output[0], Tensor: node.Attribute.FirstOrDefault(a => a.Name == "value")?.T))
            .Concat(Inner(model.Graph).SelectMany(graph => graph.Initializer).Select(tensor => (tensor.Name, Tensor: (TensorProto?)tensor)))
            .Where(constant => constant.Tensor is not null)
            .ToLookup(constant => constant.Name, constant => TensorValues.Read(constant.Tensor!));
        foreach (var loop in loops)
        {
            var rounds = loop.Input.Count > 0 ? constants[loop.Input[0]].ToArray() : [];
            if (rounds.Length == 0 || rounds.Any(values => values is not [<= MostRounds]))
                throw new GraphProblemException($"{AttributeLimits.Describe(loop)} has no fixed number of rounds, or more than " +
                    $"{MostRounds:N0} of them, and might not end. Export the model with the loop written out.");
        }
    }

    private static IEnumerable<GraphProto> Inner(GraphProto graph) =>
        graph.Node.SelectMany(node => node.Attribute.SelectMany(GraphsOf)).SelectMany(Inner).Prepend(graph);

    private static IEnumerable<NodeProto> Inner(IEnumerable<NodeProto> nodes) => nodes.SelectMany(node =>
        Inner(node.Attribute.SelectMany(GraphsOf).SelectMany(graph => graph.Node)).Prepend(node));

    /// <summary>The graphs in an attribute.</summary>
    public static IEnumerable<GraphProto> GraphsOf(AttributeProto attribute) => attribute.Graphs.Append(attribute.G).OfType<GraphProto>();

    /// <summary>The tensors in an attribute.</summary>
    public static IEnumerable<TensorProto> TensorsOf(AttributeProto attribute) =>
        attribute.Tensors.Append(attribute.T).OfType<TensorProto>();
}
