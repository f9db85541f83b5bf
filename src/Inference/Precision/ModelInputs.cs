using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>Rows of numbers for one input.</summary>
/// <param name="name">The input.</param>
/// <param name="row">The shape of a row.</param>
internal abstract class InputRows(string name, long[] row)
{
    public string Name => name;

    public long[] Row => row;

    /// <summary>Numbers in a row.</summary>
    protected int RowSize { get; } = (int)TensorValues.Elements(row);

    /// <summary>Some of the rows.</summary>
    public abstract InputRows Part(int first, int count);

    /// <summary>The first rows as a tensor.</summary>
    public abstract OrtValue Value(int count);
}

/// <summary>Rows of numbers of one type.</summary>
/// <param name="name">The input.</param>
/// <param name="row">The shape of a row.</param>
/// <param name="values">All rows, one after the other.</param>
internal sealed class InputRows<T>(string name, long[] row, ReadOnlyMemory<T> values) : InputRows(name, row) where T : unmanaged
{
    public ReadOnlyMemory<T> Values => values;

    public override InputRows Part(int first, int count) =>
        new InputRows<T>(Name, Row, values.Slice(first * RowSize, count * RowSize));

    public override OrtValue Value(int count) =>
        OrtValue.CreateTensorValueFromMemory(values[..(count * RowSize)].ToArray(), [count, .. Row]);
}

/// <summary>Rows of numbers for a model's inputs: latents and labels, or images.</summary>
/// <param name="Inputs">All inputs.</param>
/// <param name="Count">The number of rows.</param>
/// <param name="Batch">The rows that enter the model at once.</param>
internal sealed record ModelInputs(IReadOnlyList<InputRows> Inputs, int Count, int Batch)
{
    /// <summary>A session of a graph that gives values of its inside, too.</summary>
    public static InferenceSession Open(ModelProto model, IEnumerable<string> values)
    {
        var copy = model.Clone();
        foreach (var value in values.Except(copy.Graph.Output.Select(output => output.Name)).ToArray())
        {
            copy.Graph.Output.Add(new ValueInfoProto
            {
                Name = value, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
            });
        }
        using var options = new SessionOptions
        {
            IntraOpNumThreads = ProcessorShare.Threads(0), LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        return new InferenceSession(copy.ToByteArray(), options);
    }

    /// <summary>The same rows for a model whose batch may be fixed: then all batches are of its size, and rows that fill none are left out.
    /// </summary>
    /// <exception cref="GraphProblemException">The rows do not fill one batch.</exception>
    public ModelInputs For(ModelProto model)
    {
        var batch = model.Graph.Input.Where(input => Inputs.Any(own => own.Name == input.Name))
            .Select(input => (int)input.Type.TensorType.Shape.Dim[0].DimValue)
            .FirstOrDefault(size => size > 0);
        if (batch == 0) return this;
        return Count >= batch ? this with { Batch = batch, Count = Count / batch * batch } : throw new GraphProblemException(
            $"it takes {batch} rows at once, and {Count} are too few for calibration and loss.");
    }

    /// <summary>Some of the rows.</summary>
    public ModelInputs Part(int first, int count) => new([.. Inputs.Select(input => input.Part(first, count))], count, Batch);

    /// <summary>The rows in parts of one batch.</summary>
    public IEnumerable<ModelInputs> Batches()
    {
        for (int first = 0, n; first < Count; first += n)
        {
            n = Math.Min(Batch, Count - first);
            yield return Part(first, n) with { Batch = n };
        }
    }

    /// <summary>Runs all rows, batch by batch; where nothing is asked for, none.</summary>
    /// <param name="session">The model.</param>
    /// <param name="outputs">What is asked for.</param>
    /// <param name="see">Gets the outputs of each batch.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    public void Run(
        InferenceSession session, IReadOnlyList<string> outputs, Action<IReadOnlyList<OrtValue>> see, CancellationToken cancellationToken)
    {
        if (outputs.Count == 0) return;
        using var run = new RunOptions();
        foreach (var batch in Batches())
        {
            cancellationToken.ThrowIfCancellationRequested();
            OrtValue[] values = [.. batch.Inputs.Select(input => input.Value(batch.Count))];
            try
            {
                using var results = session.Run(run, [.. Inputs.Select(input => input.Name)], values, outputs);
                see([.. results]);
            }
            finally
            {
                foreach (var value in values) value.Dispose();
            }
        }
    }
}
