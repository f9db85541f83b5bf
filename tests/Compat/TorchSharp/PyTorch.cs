using System.Text.Json;
using TorchSharp;

namespace GanPipeline.Compat.Tests;

/// <summary>PyTorch, which the same computations are asked of.</summary>
internal static class PyTorch
{
    internal const string Python = "/usr/bin/python3";

    internal const string Imports = "import torch, numpy";

    /// <summary>Runs a script beside this file with named tensors and settings; it answers with named tensors.</summary>
    internal static Dictionary<string, torch.Tensor> Run(string script, IReadOnlyDictionary<string, torch.Tensor> tensors, object settings)
    {
        using var folder = new TemporaryFolder();
        TensorFile.Write(folder["in.tensors"], tensors);
        File.WriteAllText(folder["settings.json"], JsonSerializer.Serialize(settings));
        var path = Path.Combine(Repository.Root, "tests", "Compat", "TorchSharp", script);
        var (exitCode, _, error) = Peers.Run(Python, path, folder.Path);
        Assert.True(exitCode == 0, error);
        return TensorFile.Read(folder["out.tensors"]);
    }

    /// <summary>The largest |a - b| / max(1, |b|), or infinity where the shapes differ.</summary>
    internal static double Difference(torch.Tensor actual, torch.Tensor expected)
    {
        if (!actual.shape.AsSpan().SequenceEqual(expected.shape)) return double.PositiveInfinity;
        if (expected.numel() == 0) return 0;
        using var scope = torch.NewDisposeScope();
        using var gradients = torch.no_grad();
        var a = actual.to_type(torch.ScalarType.Float64);
        var b = expected.to_type(torch.ScalarType.Float64);
        var result = ((a - b).abs() / b.abs().clamp_min(1)).max().ToDouble();
        return double.IsNaN(result) ? double.PositiveInfinity : result;
    }
}
