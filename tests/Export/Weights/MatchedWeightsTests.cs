using GanPipeline.Inference;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export.Tests;

/// <summary>Which of a file's tensors goes where, and what is said of the others.</summary>
public sealed class MatchedWeightsTests : IDisposable
{
    private static readonly (string Name, long[] Shape, float[] Values)[] _tensors =
        [("0.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("0.bias", [2], [7, 8])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (string Name, long[] Shape, float[] Values)[] Named(Func<string, string> name) =>
        [.. _tensors.Select(tensor => tensor with { Name = name(tensor.Name) })];

    private string Write(byte[] bytes)
    {
        File.WriteAllBytes(_folder["weights"], bytes);
        return _folder["weights"];
    }

    private static void RequireLoaded(Module network) => Assert.Equal([1f, 2, 3, 4, 5, 6, 7, 8],
        network.parameters().SelectMany(parameter => parameter.data<float>().ToArray()));

    [Fact]
    public void The_format_is_told_by_the_content()
    {
        foreach (var bytes in (byte[][])[TorchStateDict.Archive(_tensors), TorchStateDict.Legacy(_tensors)])
        {
            using var network = Sequential(Linear(3, 2));
            ModuleWeights.Load(network, Write(bytes));
            RequireLoaded(network);
        }
    }

    [Theory]
    [InlineData("module.", "")]
    [InlineData("_orig_mod.module.", "")]
    [InlineData("generator.", "generator.")]
    [InlineData("module.generator._orig_mod.", "generator.")]
    public void Prefixes_are_taken_off(string written, string prefix)
    {
        using var network = Sequential(Linear(3, 2));
        var report = ModuleWeights.Load(network, Write(TorchStateDict.Archive(Named(name => written + name))),
            new WeightOptions { Prefix = prefix });
        RequireLoaded(network);
        Assert.Equal(written + "0.weight", report.Loaded[0].Source);
        Assert.Contains($"0.weight  [2, 3]  from {written}0.weight", report.ToString());
    }

    [Fact]
    public void Other_names_are_renamed_or_left_out()
    {
        using var network = Sequential(Linear(3, 2));
        var path = Write(TorchStateDict.Archive([.. Named(name => name.Replace("0", "fc")), ("step", [1], [5])]));
        var options = new WeightOptions { Rename = name => name == "step" ? null : name.Replace("fc", "0") };
        var report = ModuleWeights.Load(network, path, options);
        RequireLoaded(network);
        Assert.Equal(["step"], report.Unused);
        var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(network, path, new WeightOptions { Rename = _ => "0.bias" }));
        Assert.Contains("'fc.weight' and 'fc.bias' of the file are both renamed '0.bias'", error.Message);
    }

    [Fact]
    public void A_strict_load_changes_all_or_nothing_and_tells_all()
    {
        using var network = Sequential(Linear(3, 2), BatchNorm1d(2), Linear(2, 5));
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        var path = Write(TorchStateDict.Archive([.. _tensors, ("2.weight", [5, 4], new float[20]), ("3.weight", [1], [1])]));

        var error = Assert.Throws<ModelException>(() => ModuleWeights.Load(network, path));

        Assert.Contains("of its 9 names 5 are missing and 1 have another shape", error.Message);
        Assert.Contains("missing in the file: 1.weight, 1.bias, 2.bias, 1.running_mean, 1.running_var", error.Message);
        Assert.Contains("another shape: 2.weight is Float32 [5, 2], and 2.weight in the file Float32 [5, 4]", error.Message);
        Assert.Contains("unused in the file: 3.weight", error.Message);
        Assert.All(network.state_dict(), entry => Assert.Equal(before[entry.Key], entry.Value.bytes.ToArray()));

        var report = ModuleWeights.Load(network, path, new WeightOptions { Strict = false });
        Assert.Equal(["0.weight", "0.bias"], report.Loaded.Select(match => match.Name));
        Assert.Equal(["1.weight", "1.bias", "2.bias", "1.running_mean", "1.running_var"], report.Missing);
        Assert.Equal(("2.weight", "Float32 [5, 2]", "Float32 [5, 4]"),
            (report.Mismatched.Single().Name, report.Mismatched[0].Form, report.Mismatched[0].SourceForm));
        Assert.Equal(before["2.weight"], network.state_dict()["2.weight"].bytes.ToArray());
    }

    [Fact]
    public void What_is_read_last_may_be_damaged()
    {
        using var network = Sequential(Linear(3, 2));
        var before = network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        var path = Write(TorchStateDict.Archive(TorchStateDict.Pickle(_tensors, legacy: false), [("0", new byte[24])]));
        Assert.Contains("it lacks the numbers 'data/1'", Assert.Throws<ModelException>(() => ModuleWeights.Load(network, path)).Message);
        Assert.All(network.state_dict(), entry => Assert.Equal(before[entry.Key], entry.Value.bytes.ToArray()));
    }

    [Fact]
    public void Parameters_that_modules_share_need_one_name()
    {
        using var linear = Linear(3, 2);
        using var network = Sequential(("a", linear), ("b", Linear(2, 3)), ("c", linear));
        var report = ModuleWeights.Load(network, Write(TorchStateDict.Archive(
            ("a.weight", [2, 3], new float[6]), ("a.bias", [2], new float[2]),
            ("b.weight", [3, 2], new float[6]), ("b.bias", [3], [1, 2, 3]))));
        Assert.Empty(report.Missing);
    }

    [Fact]
    public void Gradients_are_computed_as_before_and_the_type_stays()
    {
        using var network = Sequential(Linear(3, 2, dtype: float64));
        ModuleWeights.Load(network, Write(TorchStateDict.Archive(_tensors)));
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad && parameter.is_leaf));
        Assert.Equal([7.0, 8], network.parameters().Last().data<double>().ToArray());
        Assert.Equal(0, network.parameters().Count(parameter => parameter.grad is not null));
    }

    [Fact]
    public void Nothing_is_left_in_memory()
    {
        using var network = Sequential(Linear(3, 2));
        var path = Write(TorchStateDict.Archive(_tensors));
        ModuleWeights.Load(network, path);
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ModuleWeights.Load(network, path);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
