using CsCheck;
using GanPipeline.Export.Tests.Networks;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace GanPipeline.Export.Tests;

/// <summary>
/// Random small networks: layers and functions with random settings, one after the other, each exported and compared with Torch by the
/// exporter. Where one differs, CsCheck looks for a shorter one that does.
/// </summary>
public class ConformanceTests(ITestOutputHelper output)
{
    private const int Cases = 2000, SecondRuntimeCases = 300;

    private int _steps;

    [NodeRuntimeFact]
    public void A_second_runtime_computes_the_same()
    {
        using var folder = new TemporaryFolder();
        NetworkCase[] cases = [.. NetworkCase.Random(folder, seed: 2, SecondRuntimeCases)];

        var answers = OnnxRuntimeNode.Run([.. cases.Select(one =>
            new NodeRequest(one.Path, new Dictionary<string, NodeTensor> { ["x"] = one.Input }))]);

        foreach (var (one, answer) in cases.Zip(answers))
        {
            // As the exporter's own, with some room for what a step amplifies of a rounding.
            var difference = one.Difference(answer["output"]);
            Assert.True(difference <= 1e-3, $"{one.Name}: {difference}");
        }
    }

    [Fact]
    public void Random_networks_compute_the_same()
    {
        using var folder = new TemporaryFolder();
        var networks = RandomNetwork.Any();
        // The same in each run.
        for (var i = 0; i < Cases; i++)
        {
            var random = new PCG(1, (ulong)i);
            var state = random.State;
            var (shape, choices) = networks.Generate(random, null, out _);
            try
            {
                Export(folder, shape, choices);
            }
            catch (InvalidOperationException)
            {
                networks.Sample(test => Export(folder, test.Item1, test.Item2), seed: random.ToString(state), iter: 300, threads: 1);
                throw;
            }
        }
        output.WriteLine($"{Cases} networks, {_steps} steps");
        // Of steps that do not fit their input, another is taken: hardly any network is empty.
        Assert.True(_steps > 2 * Cases, $"{_steps} steps");
    }

    private void Export(TemporaryFolder folder, long[] shape, int[] choices)
    {
        manual_seed(1);
        using var network = new RandomNetwork(shape, choices);
        _steps += network.Steps.Count;
        try
        {
            OnnxExporter.Export(network, folder["network.onnx"], [ModelInput.Uniform("x", shape, -2, 2)], new() { Opset = 18 });
        }
        catch (ExportException e)
        {
            throw new InvalidOperationException($"[N, {string.Join(", ", shape)}] {string.Join(" -> ", network.Steps)}: {e.Message}", e);
        }
    }
}
