using System.Globalization;
using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using Onnx;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Runs an exported model on ONNX Runtime and the network on Torch, on the same fresh random inputs, and compares.</summary>
internal static class Verification
{
    /// <summary>
    /// An output x may differ by this times max(1, |x|). Both sides compute in float32 and sum in different orders: some thousand terms
    /// differ by about 1e-6, a wrong padding or slope by far more than 1e-4.
    /// </summary>
    public const double Tolerance = 1e-4;

    /// <summary>
    /// Deep networks may amplify what rounding makes of a value, and then both sides are right. Where an output differs by more than the
    /// tolerance, the network runs again on inputs that differ by a rounding or two; a difference of this times what that changes is
    /// rounding as well. On TorchVision's networks ONNX Runtime and Torch, which round in every layer, differ by 1.5 times of it at most.
    /// </summary>
    private const double Roundings = 4;

    /// <summary>What no rounding explains.</summary>
    private const double Largest = 1e-2;

    // One is what an application asks for first; another shows that the batch is dynamic.
    private static readonly int[] _batches = [1, 3];

    static Verification() => OnnxRuntimeTelemetry.TurnOff();

    /// <summary>Returns the largest absolute difference over all outputs and batch sizes.</summary>
    public static double Run(byte[] model, GraphProto graph, ExportDescription description)
    {
        try
        {
            using var session = new InferenceSession(model);
            using var mode = new EvaluationMode(description.Modules.Select(root => root.Module));
            return _batches.Max(batch => Compare(session, graph, description, batch));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime does not run the exported model, so nothing was written: {e.Message}", e);
        }
    }

    private static double Compare(InferenceSession session, GraphProto graph, ExportDescription description, int batch)
    {
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        using var scope = NewDisposeScope();
        var inputs = description.Inputs.Select(input => Draw(input, batch)).ToArray();
        var expected = RunTorch(description, inputs, batch);

        using var runOptions = new RunOptions();
        var values = inputs.Select(input => input.Elements is float[] floats
            ? OrtValue.CreateTensorValueFromMemory(floats, input.Shape)
            : OrtValue.CreateTensorValueFromMemory((long[])input.Elements, input.Shape)).ToArray();
        try
        {
            using var results = session.Run(
                runOptions,
                [.. description.Inputs.Select(input => input.Name)],
                values,
                [.. description.Outputs]);
            var nudged = new Lazy<Tensor[]>(() => RunTorch(description, [.. inputs.Select(Nudge)], batch));
            return results.Select((result, i) => Difference(graph.Output[i], result, expected[i], () => nudged.Value[i])).Max();
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    private static (Array Elements, long[] Shape) Draw(ModelInput input, int batch)
    {
        long[] shape = [batch, .. input.Shape];
        var row = new double[checked((int)OnnxGraph.Product(input.Shape))];
        var values = Enumerable.Range(0, batch).SelectMany(_ =>
        {
            input.Draw(Random.Shared, row);
            return row;
        });
        return (input.Type == DataType.Float
            ? values.Select(value => (float)value).ToArray()
            : values.Select(value => (long)value).ToArray(), shape);
    }

    /// <summary>The same, up to the last two bits of each number.</summary>
    private static (Array Elements, long[] Shape) Nudge((Array Elements, long[] Shape) input) => input.Elements is float[] floats
        ? (floats.Select((value, i) => value * (1 + (i % 3 - 1) * 2.4e-7f)).ToArray(), input.Shape)
        : input;

    private static Tensor[] RunTorch(ExportDescription description, (Array Elements, long[] Shape)[] inputs, int batch)
    {
        var device = description.Modules
            .SelectMany(root => root.Module.parameters().Concat(root.Module.buffers()))
            .FirstOrDefault()?.device ?? CPU;
        // A copy, because a layer may work in place.
        var tensors = inputs.Select(input => (input.Elements is float[] floats
            ? tensor((float[])floats.Clone(), input.Shape)
            : tensor((long[])((long[])input.Elements).Clone(), input.Shape)).to(device)).ToArray();
        Tensor[] outputs;
        try
        {
            outputs = description.Torch(tensors);
        }
        catch (Exception e) when (e is not ExportException)
        {
            var shapes = description.Inputs.Zip(inputs, (input, value) => $"{input.Name} [{string.Join(", ", value.Shape)}]");
            throw new ExportException($"The network itself fails on {string.Join(", ", shapes)}: {TorchError.Text(e)}", e);
        }
        if (outputs.Length != description.Outputs.Count)
            throw new ExportException(
                $"The description of the model names {description.Outputs.Count} outputs, and its Torch computation has {outputs.Length}.");
        return [.. outputs.Select(output => output.cpu())];
    }

    private static double Difference(ValueInfoProto output, OrtValue result, Tensor expected, Func<Tensor> nudged)
    {
        var shape = result.GetTensorTypeAndShape().Shape;
        if (!shape.SequenceEqual(expected.shape))
            throw Differs(
                output,
                $"it has shape [{string.Join(", ", shape)}] on ONNX Runtime and [{string.Join(", ", expected.shape)}] on Torch");
        // Whole numbers and truth are the same or not; floats of 64 bits are compared as those of 32, which is what they sum to.
        var values = expected.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        // A byte may lie half a step from the value before rounding, and nothing beyond that counts as a difference.
        var bytes = (DataType)output.Type.TensorType.ElemType == DataType.Uint8;
        var rounding = bytes ? 0.5 : 0;
        var actual = Values(result);
        var largest = 0.0;
        var amplified = new Lazy<double>(() =>
        {
            using var change = nudged().to(ScalarType.Float64) - expected.to(ScalarType.Float64);
            return change.abs().max().item<double>();
        });
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ExportException($"The network itself gives {values[i].ToString(CultureInfo.InvariantCulture)} in output " +
                    $"'{output.Name}' on random inputs; look for such values in its parameters and running statistics.");
            var difference = Math.Max(0, Math.Abs(actual[i] - values[i]) - rounding);
            // Written so that a NaN fails.
            var size = Math.Max(1, Math.Abs(values[i]));
            if (!(difference <= Tolerance * size) && !(difference <= Math.Min(Largest * size, Roundings * amplified.Value)))
                throw Differs(
                    output,
                    string.Create(CultureInfo.InvariantCulture, $"element {i} is {actual[i]:R} on ONNX Runtime and {values[i]:R} on " +
                        $"Torch"));
            largest = Math.Max(largest, difference);
        }
        return largest;
    }

    private static double[] Values(OrtValue result) => (DataType)result.GetTensorTypeAndShape().ElementDataType switch
    {
        DataType.Float => Values(result.GetTensorDataAsSpan<float>(), value => value),
        DataType.Double => Values(result.GetTensorDataAsSpan<double>(), value => value),
        DataType.Int64 => Values(result.GetTensorDataAsSpan<long>(), value => value),
        DataType.Int32 => Values(result.GetTensorDataAsSpan<int>(), value => value),
        DataType.Uint8 => Values(result.GetTensorDataAsSpan<byte>(), value => value),
        DataType.Bool => Values(result.GetTensorDataAsSpan<bool>(), value => value ? 1 : 0),
        var type => throw new ExportException($"An output is of {type}, which the exporter does not compare."),
    };

    private static double[] Values<T>(ReadOnlySpan<T> values, Func<T, double> convert)
    {
        var numbers = new double[values.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = convert(values[i]);
        return numbers;
    }

    private static ExportException Differs(ValueInfoProto output, string how) => new(
        $"The exported model does not agree with the network, so nothing was written: of output '{output.Name}', {how}. " +
        $"Compare the graph that a module describes, or a converter adds, with its forward().");
}
