using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Writes a smaller form of a verified model (<see cref="ExportOptions.Precision"/>).</summary>
internal static class ReducedExport
{
    // As many rows as a smaller form of a file is measured with.
    private const int Rows = ReducedPrecision.DefaultRows;

    // Every layer's output is kept during calibration.
    private const int Batch = 16;

    /// <exception cref="ExportException">The network has no such form, or is given nothing to calibrate it.</exception>
    public static ExportResult Write(
        BuiltModel built, long originalBytes, VerificationReport report, string path, ModelPrecision precision,
        ExportDescription description, ExportOptions options)
    {
        var (calibration, held) = Inputs(description.Inputs, precision, options);
        try
        {
            var form = Reduction.Of(built.Model, precision, calibration, held, CancellationToken.None);
            using var data = options.ExternalData ? DataFile.Write(form.Model, path) : null;
            var bytes = ModelBytes.Of(data?.Model ?? form.Model);
            AtomicFile.WriteAllBytes(path, bytes);
            if (data is null) DataFile.DeleteOthers(path, kept: null);
            else data.Keep();
            var total = bytes.Length + (data?.Bytes ?? 0);
            return new ExportResult(path, total, report, built.Folded)
            {
                DataPath = data?.Path,
                Reduced = new(path, precision, total, originalBytes, form.Losses, form.Rows, form.IntegerLayers, form.Layers),
            };
        }
        catch (Exception e) when (e is GraphProblemException or OnnxRuntimeException)
        {
            throw new ExportException($"The network cannot be written as {Reduction.NameOf(precision)}: {e.Message}", e);
        }
    }

    private static (ModelInputs Calibration, ModelInputs Held) Inputs(
        IReadOnlyList<ModelInput> inputs, ModelPrecision precision, ExportOptions options)
    {
        if (options.Calibration.Count > 0)
        {
            var given = Given(inputs, options.Calibration);
            var half = given.Count / 2;
            return (given.Part(0, half), given.Part(half, given.Count - half));
        }
        if (precision == ModelPrecision.Int8)
            throw new ExportException("An 8-bit form takes the ranges of its values from inputs such as the network will be given: set " +
                "Calibration to some hundred of them, for a generator torch.randn(512, 100).");
        var random = new Random(options.Verification.Seed);
        var drawn = new ModelInputs([.. inputs.Select(input => Drawn(input, random))], Rows, Batch);
        return (drawn, drawn);
    }

    private static ModelInputs Given(IReadOnlyList<ModelInput> inputs, IReadOnlyList<Tensor> rows)
    {
        if (rows.Count != inputs.Count)
            throw new ArgumentException($"Calibration has {rows.Count} tensors, and the model has {inputs.Count} inputs.");
        var count = rows[0].dim() > 0 ? rows[0].shape[0] : 0;
        if (count < 2) throw new ArgumentException("Calibration needs at least 2 rows: one for ranges, one for the loss.");
        foreach (var (input, tensor) in inputs.Zip(rows))
        {
            if (tensor.dtype != OnnxTypes.ToTorch(input.Type))
                throw new ArgumentException(
                    $"Calibration has {tensor.dtype} for '{input.Name}', which is {OnnxTypes.ToTorch(input.Type)}.");
            if (!input.Takes(tensor.shape) || tensor.shape[0] != count)
                throw new ArgumentException($"Calibration has [{string.Join(", ", tensor.shape)}] for '{input.Name}', which is " +
                    $"[{count}, {string.Join(", ", input.Shape)}].");
        }
        return new([.. inputs.Zip(rows, (input, tensor) => Rows(input.Name, tensor))], (int)count, Batch);

        static InputRows Rows(string name, Tensor tensor)
        {
            using var values = tensor.detach().cpu().contiguous();
            return values.dtype == ScalarType.Int64
                ? new InputRows<long>(name, values.shape[1..], values.data<long>().ToArray())
                : new InputRows<float>(name, values.shape[1..], values.data<float>().ToArray());
        }
    }

    private static InputRows Drawn(ModelInput input, Random random)
    {
        long[] shape = [.. input.Shape];
        var row = new double[checked((int)OnnxGraph.Product(shape))];
        double[] values = [.. Enumerable.Range(0, Rows).SelectMany(_ =>
        {
            input.Draw(random, row);
            return row;
        })];
        return input.Type == Onnx.TensorProto.Types.DataType.Int64
            ? new InputRows<long>(input.Name, shape, Array.ConvertAll(values, value => (long)value))
            : new InputRows<float>(input.Name, shape, Array.ConvertAll(values, value => (float)value));
    }
}
