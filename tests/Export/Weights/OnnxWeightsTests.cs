namespace GanPipeline.Export.Tests;

/// <summary>What the exporter wrote goes back into a network of the same form.</summary>
public sealed class OnnxWeightsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Where the exporter computes with a parameter, the file has the result.
    private static readonly Dictionary<string, string[]> _computed = new()
    {
        ["modern discriminator"] = ["_block._bias1", "_block._bias2"],
        ["constants that ONNX cannot compute"] = ["_weight"],
        ["causal transformer"] = ["_positions.weight"],
        ["spectral normalisation"] = ["_weight", "u"],
    };

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Networks => RecordingTests.Names;

    [Theory]
    [MemberData(nameof(Networks))]
    public void Weights_come_back_from_an_export(string name)
    {
        var (network, inputs) = RecordingTests.Make(name);
        using var given = network;
        OnnxExporter.Export(given, _folder["network.onnx"], inputs, new ExportOptions { FoldBatchNormalization = false });
        using var fresh = RecordingTests.Make(name).Network;

        var report = ModuleWeights.Load(fresh, _folder["network.onnx"], new WeightOptions { Strict = false });

        Assert.Empty(report.Mismatched);
        Assert.Equal(_computed.GetValueOrDefault(name) ?? [], report.Missing);
        var (expected, actual) = (given.state_dict(), fresh.state_dict());
        foreach (var match in report.Loaded)
            Assert.True(expected[match.Name].bytes.SequenceEqual(actual[match.Name].bytes), $"{match.Name}\n{report}");
    }
}
