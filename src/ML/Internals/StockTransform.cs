using System.Text.Json;
using System.Text.Json.Serialization;
using GanPipeline.Inference;
using Google.Protobuf;
using Microsoft.ML;
using Onnx;

namespace GanPipeline.ML;

/// <summary>The saved form of a batch transform: ML.NET's own <c>OnnxTransformer</c>, whose model knows what it was made of.</summary>
/// <remarks>
/// <para>
/// ML.NET has a transformer from outside save itself by handing its context to one of ML.NET's own. That one finds its columns by the names
/// of the model's tensors. So the model that is saved has inputs with the columns' names, and in its metadata (<see cref="Key"/>) what they
/// were.
/// </para>
/// <para>
/// An <c>OnnxTransformer</c> makes a column of [N, F] a vector of 1 x F, and predictors take exactly the type that they were trained on.
/// So the model that is saved ends in a reshaping to [F] (to [C, H, W] for images), into an output named as the column with
/// <see cref="Suffix"/>, which ML.NET takes off. A column may thus be input and output.
/// </para>
/// </remarks>
internal static class StockTransform
{
    /// <summary>Of the metadata in a saved model.</summary>
    public const string Key = "GanPipeline.Transform";

    /// <summary>What ML.NET takes off the names of outputs that end in it, everywhere in the name.</summary>
    private const string Suffix = ".output";

    public static void Save(BatchTransform transform, ModelSaveContext ctx)
    {
        var (model, output) = Model(transform);
        string[] inputs = transform.LabelColumnName is { } label ? [transform.InputColumnName, label] : [transform.InputColumnName];
        // From a stream ML.NET would make a file that it leaves behind.
        var file = Path.GetTempFileName();
        try
        {
            using (var stream = File.Create(file)) model.WriteTo(stream);
            using var stock = new MLContext().Transforms
                .ApplyOnnxModel([output], inputs, file)
                .Fit(new EmptyView(inputs.Zip([transform.Model.Input.Type, transform.Model.Label?.Type!])));
            ((ICanSaveModel)stock).Save(ctx);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The transform that was saved with this model; null where it is another's.</summary>
    public static BatchTransform? Restore(string name, byte[] bytes, ModelOptions options)
    {
        var model = ModelProto.Parser.ParseFrom(bytes);
        if (model.MetadataProps.FirstOrDefault(entry => entry.Key == Key) is not { } entry) return null;
        var saved = JsonSerializer.Deserialize<Saved>(entry.Value)
            ?? throw new FormatException($"'{name}' has no description of a transform in its metadata {Key}.");
        if (saved.Reshaped is { } reshaped) RemoveReshape(model.Graph, reshaped);
        ValueNames.Rename(model.Graph, saved.Names ?? saved.ColumnNames);
        model.MetadataProps.Remove(entry);
        var shared = saved.Kind.Open(name, model.ToByteArray(), options with { BatchSize = saved.BatchSize });
        return new BatchTransform(shared, saved.Kind, saved.OutputColumn, saved.InputColumn, saved.BatchSize, saved.LabelColumn);
    }

    /// <summary>Why a transform cannot be saved; null where it can.</summary>
    public static string? Problem(BatchTransform transform) => Problem(transform, ModelProto.Parser.ParseFrom(transform.Model.Bytes));

    private static string? Problem(BatchTransform transform, ModelProto model)
    {
        var kind = transform.Kind;
        if (transform.OutputColumnName.Contains(Suffix, StringComparison.Ordinal))
        {
            return $"The column '{transform.OutputColumnName}' of {transform.Taker} cannot be saved: ML.NET takes '{Suffix}' out of the " +
                "names of such columns; use another name.";
        }
        if (transform.HasNamedLabels)
        {
            return $"The labels in column '{transform.LabelColumnName}' are keys or texts, which {transform.Taker} by itself does not " +
                $"read, so that '{transform.OutputColumnName}' cannot be saved; save a chain whose labels are vectors.";
        }
        if (model.Graph.Output.All(output => output.Name != kind.ModelOutput))
        {
            return $"{transform.Taker} gives no '{kind.ModelOutput}' but bytes, which ML.NET by itself would not turn into " +
                $"'{transform.OutputColumnName}', so that it cannot be saved; use one with the output {kind.ModelOutput}, as " +
                "generator.onnx.";
        }
        var input = model.Graph.Input.Single(input => input.Name == kind.ModelInput);
        return input.Type.TensorType.Shape.Dim[0].DimValue is > 1 and var batch
            ? $"{transform.Taker} takes batches of {batch}, and ML.NET by itself gives it one row at a time, so that " +
                $"'{transform.OutputColumnName}' cannot be saved; export the model with a free batch."
            : null;
    }

    /// <summary>The model to save, and its output.</summary>
    private static (ModelProto Model, string Output) Model(BatchTransform transform)
    {
        var kind = transform.Kind;
        var model = ModelProto.Parser.ParseFrom(transform.Model.Bytes);
        if (Problem(transform, model) is { } problem) throw new InvalidOperationException(problem);
        var inputs = new Dictionary<string, string> { [kind.ModelInput] = transform.InputColumnName };
        if (transform.LabelColumnName is { } label) inputs[TransformKind.ModelLabel] = label;
        var names = ValueNames.Rename(model.Graph, inputs);
        var from = names.FirstOrDefault(pair => pair.Value == kind.ModelOutput).Key ?? kind.ModelOutput;
        var reshaped = AddReshape(model.Graph, from, transform.OutputColumnName, transform.Model.Output);
        var saved = new Saved(kind, transform.InputColumnName, transform.LabelColumnName, transform.OutputColumnName, transform.BatchSize,
            names, reshaped);
        model.MetadataProps.Add(new StringStringEntryProto { Key = Key, Value = JsonSerializer.Serialize(saved) });
        return (model, reshaped);
    }

    /// <summary>Adds an output: one row of another without its first axis.</summary>
    /// <returns>Its name.</returns>
    private static string AddReshape(GraphProto graph, string from, string column, VectorForm form)
    {
        var known = ValueNames.Of(graph);
        var to = column + Suffix;
        while (known.Contains(to) || known.Contains(ShapeOf(to))) to += Suffix;
        var dimensions = form.Type.Dimensions.Select(d => (long)d).ToArray();
        var shape = new TensorProto
        {
            Name = ShapeOf(to), DataType = (int)TensorProto.Types.DataType.Int64, Dims = { dimensions.Length }, Int64Data = { dimensions },
        };
        graph.Initializer.Add(shape);
        graph.Node.Add(new NodeProto { OpType = "Reshape", Name = to, Input = { from, shape.Name }, Output = { to } });
        graph.Output.Add(new ValueInfoProto
        {
            Name = to,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)TensorProto.Types.DataType.Float,
                    Shape = new TensorShapeProto
                    {
                        Dim = { dimensions.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }) },
                    },
                },
            },
        });
        return to;
    }

    private static void RemoveReshape(GraphProto graph, string to)
    {
        graph.Initializer.Remove(graph.Initializer.Single(constant => constant.Name == ShapeOf(to)));
        graph.Node.Remove(graph.Node.Single(node => node.Output.Contains(to)));
        graph.Output.Remove(graph.Output.Single(output => output.Name == to));
    }

    private static string ShapeOf(string reshaped) => reshaped + ".shape";

    /// <param name="Kind">What the transform is.</param>
    /// <param name="InputColumn">Its input.</param>
    /// <param name="LabelColumn">Its labels, or null.</param>
    /// <param name="OutputColumn">The column that it adds.</param>
    /// <param name="BatchSize">Rows that enter the model at once.</param>
    /// <param name="Names">The saved names of values, each with that in the model given; null in files of earlier versions.</param>
    /// <param name="Reshaped">The output that was added; null in files of earlier versions.</param>
    private sealed record Saved(TransformKind Kind, string InputColumn, string? LabelColumn, string OutputColumn, int BatchSize,
        Dictionary<string, string>? Names = null, string? Reshaped = null)
    {
        /// <summary>As <see cref="Names"/>, in files of earlier versions, which named the output as its column.</summary>
        [JsonIgnore]
        public Dictionary<string, string> ColumnNames
        {
            get
            {
                var names = new Dictionary<string, string> { [InputColumn] = Kind.ModelInput, [OutputColumn] = Kind.ModelOutput };
                if (LabelColumn is not null) names[LabelColumn] = TransformKind.ModelLabel;
                return names;
            }
        }
    }
}
