using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>Runs a model on ONNX Runtime and the network on Torch, on the same inputs, and compares.</summary>
/// <param name="description">The network.</param>
/// <param name="options">On what, and how closely.</param>
/// <param name="mode">The network's mode. In that of training nothing is dropped on either side, so that both can be compared.</param>
/// <param name="torch">What the network computes, where it is not the description that says so.</param>
internal sealed class Verification(
    ExportDescription description, VerificationOptions options, ExportMode mode = ExportMode.Evaluation,
    Func<Tensor[], Tensor[]>? torch = null)
{
    /// <summary>
    /// How much of what a rounding of inputs and weights changes is allowed. On TorchVision's networks ONNX Runtime and Torch, which round
    /// in every layer, differ by 1.5 times of it at most.
    /// </summary>
    private const double Roundings = 4;

    /// <summary>What no rounding explains, relative to the value.</summary>
    private const double Largest = 1e-2;

    /// <summary>Compares a model with the network.</summary>
    /// <param name="session">The model.</param>
    /// <param name="name">The file's name in the report; "" where it is not written.</param>
    /// <param name="search">Finds the first node that differs for inputs on which the model does.</param>
    /// <exception cref="ExportException">ONNX Runtime does not run the model, or the network fails on its own inputs or gives values that
    /// are not finite.</exception>
    public VerificationReport Run(InferenceSession session, string name, Func<Tensor[], DifferingNode?> search)
    {
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        using var modes = new ModuleModes(description.Modules.Select(root => root.Module), mode, dropout: false);
        using var all = NewDisposeScope();
        var checks = new List<VerificationCheck>();
        DifferingNode? first = null;
        foreach (var (inputs, label) in Inputs())
        {
            using var scope = NewDisposeScope();
            var compared = Compare(session, inputs, label);
            checks.AddRange(compared);
            if (first is null && compared.Any(check => check.Problem is not null)) first = search(inputs);
        }
        return new VerificationReport(name, options.Seed, options.Tolerance, checks, first);
    }

    private IEnumerable<(Tensor[] Inputs, string Label)> Inputs()
    {
        var random = new Random(options.Seed);
        string[] dynamic = [.. description.Inputs.SelectMany(input => input.DynamicAxes.Values).Distinct()];
        foreach (var (batch, larger) in options.Batches.Select(batch => (batch, false)).Concat(dynamic.Length > 0 ? [(2, true)] : []))
        {
            // The first dynamic axis twice as long, the second three times, which no recording had.
            Tensor[] inputs = [.. description.Inputs.Select(input => Draw(input, batch, random, axis =>
                larger && input.DynamicAxes.TryGetValue(axis, out var name) ? 2 + Array.IndexOf(dynamic, name) % 2 : 1))];
            yield return (inputs, $"random {Shapes(inputs)}");
            foreach (var input in inputs) input.Dispose();
        }
        for (var i = 0; i < options.Examples.Count; i++)
        {
            Tensor[] inputs = [.. options.Examples[i].Select(tensor => tensor.detach().cpu().contiguous())];
            RequireFits(inputs, i);
            yield return (inputs, $"example {i} {Shapes(inputs)}");
            foreach (var input in inputs) input.Dispose();
        }
    }

    private string Shapes(Tensor[] inputs) => string.Join(", ", description.Inputs.Zip(inputs, (input, value) =>
        $"{input.Name} [{string.Join(", ", value.shape)}]"));

    private void RequireFits(Tensor[] inputs, int example)
    {
        if (inputs.Length != description.Inputs.Count)
            throw new ArgumentException(
                $"Example {example} has {inputs.Length} tensors, and the model has {description.Inputs.Count} inputs.");
        foreach (var (input, value) in description.Inputs.Zip(inputs))
        {
            if (value.dtype != OnnxTypes.ToTorch(input.Type))
                throw new ArgumentException(
                    $"Example {example} has {value.dtype} for '{input.Name}', which is {OnnxTypes.ToTorch(input.Type)}.");
            if (!input.Takes(value.shape))
                throw new ArgumentException($"Example {example} has [{string.Join(", ", value.shape)}] for '{input.Name}', which is " +
                    $"[N, {string.Join(", ", input.Shape)}].");
        }
    }

    private VerificationCheck[] Compare(InferenceSession session, Tensor[] inputs, string label)
    {
        var expected = RunTorch(inputs);
        var nudged = new Lazy<Tensor[]>(() =>
        {
            using var rounding = new Rounding(description.Modules.SelectMany(root =>
                root.Module.parameters().Concat(root.Module.buffers())));
            return RunTorch([.. inputs.Select(rounding.Of)]);
        });
        using var results = OrtRun.Run(
            session, [.. description.Inputs.Select(input => input.Name)], inputs, [.. description.Outputs]);
        return [.. description.Outputs.Select((output, i) => Check(output, label, results[i], expected[i], () => nudged.Value[i]))];
    }

    private VerificationCheck Check(string output, string label, OrtValue actual, Tensor expected, Func<Tensor> nudged)
    {
        var comparison = new Comparison(actual, expected);
        if (comparison.Shapes is { } shapes) return new(label, output, double.NaN, shapes, false);
        if (comparison.NotFinite is { } value)
            throw new ExportException($"The network itself gives {value.ToString(CultureInfo.InvariantCulture)} in output " +
                $"'{output}' on {label}; look for such values in its parameters and running statistics.");
        if (comparison.Exceeding(options.Tolerance) is not { } worst) return new(label, output, comparison.Largest, null, false);
        // Where sizes follow from values, a rounding may change them.
        if (!nudged().shape.SequenceEqual(expected.shape)) return new(label, output, comparison.Largest, comparison.Describe(worst), false);
        using var change = nudged().to(ScalarType.Float64) - expected.to(ScalarType.Float64);
        var amplified = change.abs().max().item<double>();
        // Beyond a hundredth nothing is rounding.
        var rounding = comparison.Exceeding(Largest) is null && comparison.Exceeding(options.Tolerance, Roundings * amplified) is null;
        return new(label, output, comparison.Largest, rounding ? null : comparison.Describe(worst), rounding);
    }

    private Tensor[] RunTorch(Tensor[] inputs)
    {
        var device = description.Modules
            .SelectMany(root => root.Module.parameters().Concat(root.Module.buffers()))
            .FirstOrDefault()?.device ?? CPU;
        Tensor[] outputs;
        try
        {
            // A copy, because a layer may work in place.
            outputs = (torch ?? description.Torch)([.. inputs.Select(input => input.clone().to(device))]);
        }
        catch (Exception e) when (e is not ExportException)
        {
            throw new ExportException($"The network itself fails on {Shapes(inputs)}: {TorchError.Text(e)}", e);
        }
        if (outputs.Length != description.Outputs.Count)
            throw new ExportException(
                $"The description of the model names {description.Outputs.Count} outputs, and its Torch computation has {outputs.Length}.");
        // A copy here too: an output may be a parameter.
        return [.. outputs.Select(output => output.cpu().clone())];
    }

    private static Tensor Draw(ModelInput input, int batch, Random random, Func<int, long> times)
    {
        long[] shape = [.. input.Shape.Select((size, i) => size * times(i + 1))];
        var row = new double[checked((int)OnnxGraph.Product(shape))];
        var values = Enumerable.Range(0, batch).SelectMany(_ =>
        {
            input.Draw(random, row);
            return row;
        });
        return tensor(values.ToArray(), [batch, .. shape]).to(OnnxTypes.ToTorch(input.Type));
    }
}
