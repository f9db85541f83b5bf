using GanPipeline.Inference;
using Microsoft.ML.OnnxRuntime;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>Compares ONNX files with the TorchSharp networks that they should compute, whoever wrote them.</summary>
public static class OnnxVerifier
{
    /// <summary>
    /// Runs a file on ONNX Runtime and a network on Torch, in evaluation mode, on the same inputs, and compares the outputs.
    /// </summary>
    /// <param name="module">The network; its outputs are in the order of the file's.</param>
    /// <param name="path">An ONNX file.</param>
    /// <param name="inputs">The inputs in <c>forward</c>'s order, named as in the file.</param>
    /// <param name="options">Seed, batch sizes, tolerance, inputs of your own.</param>
    /// <returns>How the outputs compare; <see cref="VerificationReport.Agrees"/> says whether they are the same.</returns>
    /// <exception cref="ModelException">No such file, no ONNX model, or one that is not to be run.</exception>
    /// <exception cref="ExportException">The file has other inputs or another number of outputs, or does not run on these inputs; the
    /// network fails on them, or its parameters or outputs are not finite.</exception>
    public static VerificationReport Verify(
        Module module, string path, IReadOnlyList<ModelInput> inputs, VerificationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(inputs);
        options ??= new();
        ModelCheck.Require(path);
        WeightCheck.Require([("", module)]);
        try
        {
            using var session = OrtRun.Open(path);
            var missing = inputs.Select(input => input.Name).Where(name => !session.InputMetadata.ContainsKey(name)).ToArray();
            if (missing.Length > 0 || session.InputMetadata.Count != inputs.Count)
                throw new ExportException($"{path} has the inputs {string.Join(", ", session.InputNames)}; " +
                    $"given are {string.Join(", ", inputs.Select(input => input.Name))}.");
            var description = OnnxExporter.Describe(new ModuleCall(module, inputs), session.OutputNames);
            return new Verification(description, options).Run(session, path, examples => Search(path, description, examples, options));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ExportException($"ONNX Runtime does not run {path}: {e.Message}", e);
        }
    }

    // A file of this exporter has a name for each value, which the network's export gives it again.
    private static DifferingNode? Search(
        string path, ExportDescription description, TorchSharp.torch.Tensor[] inputs, VerificationOptions options)
    {
        var model = ModelContent.ReadWeights(path);
        if (model.ProducerName != ModelWriter.Producer) return null;
        try
        {
            var opset = (int)model.OpsetImport.First(set => set.Domain.Length == 0).Version;
            var built = OnnxExporter.Build(description, new ExportOptions { Opset = opset });
            return new NodeSearch(model, built.Graph, built.Recording, description).Find(inputs, options.Tolerance);
        }
        catch (Exception e) when (e is ExportException or ArgumentException)
        {
            return null;
        }
    }
}
