using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace GanPipeline.TestSupport;

/// <summary>A test that needs the npm package onnxruntime-node, and is skipped by name where it is absent.</summary>
public sealed class NodeRuntimeFactAttribute : FactAttribute
{
    public NodeRuntimeFactAttribute()
    {
        if (!OnnxRuntimeNode.IsInstalled) Skip = "needs onnxruntime-node (eng/install-peers.sh)";
    }
}

/// <summary>
/// A second ONNX runtime, of another version and packaging than the project's own: onnxruntime-node, as eng/install-peers.sh installs it.
/// </summary>
public static class OnnxRuntimeNode
{
    private static readonly string _folder = Path.Combine(Repository.Root, "artifacts", "setup", "peers");

    public static bool IsInstalled { get; } =
        Directory.Exists(Path.Combine(_folder, "node_modules", "onnxruntime-node")) && Peers.Answers("node", "--version");

    /// <summary>Runs a model on one float input.</summary>
    /// <returns>Each output's shape and values, by name.</returns>
    public static IReadOnlyDictionary<string, NodeTensor> Run(string modelPath, string input, int[] dims, float[] data) =>
        Run([new(modelPath, new Dictionary<string, NodeTensor> { [input] = new(dims, data) })])[0];

    /// <summary>Runs models in one process.</summary>
    /// <returns>Each model's outputs, by name.</returns>
    public static IReadOnlyList<IReadOnlyDictionary<string, NodeTensor>> Run(IReadOnlyList<NodeRequest> requests)
    {
        var script = Path.Combine(Repository.Root, "tests", "Support", "peers", "run-models.cjs");
        var start = new ProcessStartInfo("node", [script, _folder])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using (var request = process.StandardInput.BaseStream) JsonSerializer.Serialize(request, requests, JsonSerializerOptions.Web);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException("onnxruntime-node: " + error.Result);
        return JsonSerializer.Deserialize<Dictionary<string, NodeTensor>[]>(answer.Result, JsonSerializerOptions.Web)!;
    }
}

/// <summary>A model and its inputs.</summary>
public sealed record NodeRequest(string Model, IReadOnlyDictionary<string, NodeTensor> Inputs);

/// <summary>A tensor's shape and its values, row by row.</summary>
public sealed record NodeTensor(int[] Dims, float[] Data);
