using Google.Protobuf;
using Onnx;

namespace GanPipeline.Cli.Tests;

/// <summary>gan inspect of files that nobody trusts, and of files that differ where one does not look.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_printed_is_as_long_as_the_file_allows_for()
    {
        // Each node names all that is long, which stands in the file once.
        var constant = new TensorProto { Name = "c", DataType = 1 };
        constant.Dims.AddRange(Enumerable.Range(0, 20_000).Select(i => (long)i));
        var many = new TensorProto { Name = "m", DataType = 1, Dims = { 1 }, RawData = ByteString.CopyFrom(new byte[80_000]) };
        var graph = new GraphProto { Initializer = { constant, many }, Node = { Node(new string('r', 100_000), "") } };
        for (var i = 0; i < 1000; i++) graph.Node.Add(Node($"r{i}", "c", "m", "c"));
        var path = Write("long.onnx", graph);

        var outcome = InProcess.Gan("inspect", path, "--graph");
        var json = InProcess.Gan("inspect", path, "--graph", "--json");

        Assert.Equal((0, 0), (outcome.Code, json.Code));
        // Columns of 200 and of 100 characters, and an operation of which at most 1,000 are shown.
        Assert.InRange(outcome.Output.Length, 100_000, 1_500_000);
        Assert.InRange(json.Output.Length, 100_000, 1_500_000);
    }

    [Fact]
    public void A_terminal_is_not_told_to_do_anything()
    {
        var graph = new GraphProto { Node = { Node("\u001b[2Jresult", "in\u009bput", "\n"), Node("\u0007", "x") } };
        graph.Node[0].DocString = "\u001b]0;title";
        var (path, other) = (Write("one.onnx", graph), Write("other.onnx", new() { Node = { Node("\u001b[2Jresult", "x") } }));

        foreach (var outcome in new[] { InProcess.Gan("inspect", path, "--graph"), InProcess.Gan("inspect", path, other) })
        {
            Assert.Equal(0, outcome.Code);
            Assert.Contains(" [2Jresult", outcome.Output);
            Assert.DoesNotContain(outcome.Output.ReplaceLineEndings(""), char.IsControl);
        }
    }

    [Fact]
    public void Only_files_that_are_the_same_are_called_so()
    {
        var graph = new GraphProto { Node = { Node("y", "x") } };
        AttributeProto Setting(float value) => new()
        {
            Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = new() { DataType = 1, FloatData = { value } },
        };
        graph.Node[0].Attribute.Add(Setting(1));
        var path = Write("one.onnx", graph, new string('a', 100));
        Assert.True((bool)Compared(path, Write("other.onnx", graph, new string('a', 100)))["same"]!);

        var other = Compared(path, Write("other.onnx", graph, new string('a', 99) + 'b'));
        Assert.StartsWith("key: aaa", (string?)other["differences"]!["metadata"]![0]);

        graph.Node[0].Attribute[0] = Setting(2);
        other = Compared(path, Write("other.onnx", graph, new string('a', 100)));
        Assert.Equal("y: Own(x; value <Tensor>) with other values", (string?)other["differences"]!["nodes"]![0]);

        graph.Node[0].Attribute[0] = Setting(1);
        graph.DocString = "Other.";
        other = Compared(path, Write("other.onnx", graph, new string('a', 100)));
        Assert.False((bool)other["same"]!);
        Assert.Equal(["other"], other["differences"]!.AsObject().Select(kind => kind.Key));
    }

    private static System.Text.Json.Nodes.JsonObject Compared(string path, string other) =>
        InProcess.Gan("inspect", path, other, "--json").Json;

    private static NodeProto Node(string output, params string[] inputs) =>
        new() { OpType = "Own", Input = { inputs }, Output = { output } };

    private string Write(string name, GraphProto graph, string metadata = "")
    {
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        if (metadata.Length > 0) model.MetadataProps.Add(new StringStringEntryProto { Key = "key", Value = metadata });
        File.WriteAllBytes(_folder[name], model.ToByteArray());
        return _folder[name];
    }
}
