using System.CommandLine;
using System.Text.Json.Nodes;
using GanPipeline.Inference;
using GanPipeline.Pipelines;
using Google.Protobuf;
using Onnx;
using Spectre.Console;

namespace GanPipeline.Cli;

/// <summary>gan inspect: what is in a model file.</summary>
internal static class InspectCommand
{
    private const int LongestValue = 2_000;

    public static void Fill(Command command, Bind bind)
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "Any ONNX file." };
        var other = new Argument<string?>("OTHER.onnx")
        {
            Description = "A second file: how the two differ.", Arity = ArgumentArity.ZeroOrOne,
        };
        var graph = new Option<bool>("--graph") { Description = "Draw the graph, a line for each node, with shapes and settings." };
        command.With(model, other, graph);
        bind(command, (shell, parsed) =>
        {
            var path = parsed.GetValue(model)!;
            if (parsed.GetValue(other) is { } second) return Compare(shell, path, second);
            var read = Read(path);
            var content = Describe(read, new FileInfo(path));
            if (Refusal(path) is { } refusal) content["refused"] = refusal;
            Show(shell.Console, path, content);
            if (parsed.GetValue(graph)) content["graph"] = Draw(shell.Console, read.Graph);
            return content;
        });
    }

    private static JsonObject Compare(Shell shell, string path, string other)
    {
        var differences = ModelDifference.Of(Read(path), Read(other));
        if (differences.Count == 0) shell.Say($"{path} and {other} are the same model.");
        Consoles.Rows(shell.Console, [.. ModelDifference.Lines(differences).Select(line =>
            (string[])[$"[grey]{line.Kind}[/]", Markup.Escape(line.Line)])]);
        return new JsonObject { ["files"] = Json.Array([path, other]), ["same"] = differences.Count == 0, ["differences"] = differences };
    }

    private static JsonArray Draw(IAnsiConsole console, GraphProto graph)
    {
        var lines = new GraphText(graph).Lines.ToArray();
        console.WriteLine();
        Consoles.Rows(console, [.. lines.Select(line => (string[])[Markup.Escape(line.Result), $"[grey]{Markup.Escape(line.Shape)}[/]",
            Markup.Escape(line.Operation) + (line.Source.Length > 0 ? $"  [grey]{Markup.Escape(line.Source)}[/]" : "")])]);
        return new([.. lines.Select(line => (JsonNode)new JsonObject
        {
            ["result"] = line.Result, ["operation"] = line.Operation, ["shape"] = line.Shape, ["source"] = line.Source,
        })]);
    }

    /// <summary>Why nothing here would run the model; null where it would.</summary>
    private static string? Refusal(string path)
    {
        try
        {
            ModelCheck.Require(path);
            return null;
        }
        catch (ModelException e)
        {
            return e.Message;
        }
    }

    /// <summary>What an ONNX file holds.</summary>
    public static ModelProto Read(string path)
    {
        if (!File.Exists(path)) throw new RequestException($"There is no file {path}.");
        try
        {
            using var file = File.OpenRead(path);
            var model = ModelProto.Parser.ParseFrom(file);
            if (model.Graph is { Node.Count: > 0 }) return model;
            throw new RequestException($"{path} is not an ONNX model: it holds no graph.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new RequestException($"{path} is not an ONNX model, or was cut short: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RequestException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static JsonObject Describe(ModelProto model, FileInfo file)
    {
        var graph = model.Graph;
        var initializers = graph.Initializer.Select(i => i.Name).ToHashSet();
        var content = new JsonObject
        {
            ["file"] = file.FullName,
            ["bytes"] = file.Length,
            ["irVersion"] = model.IrVersion,
            ["opset"] = model.OpsetImport.FirstOrDefault(o => o.Domain.Length == 0)?.Version ?? 0,
            ["producer"] = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            ["parameters"] = (long)graph.Initializer.Sum(i => i.Dims.Aggregate(1.0, (a, b) => a * b)),
            ["inputs"] = Values(graph.Input.Where(i => !initializers.Contains(i.Name))),
            ["outputs"] = Values(graph.Output),
            ["operators"] = new JsonObject(graph.Node.GroupBy(n => n.OpType).OrderByDescending(g => g.Count())
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => KeyValuePair.Create(g.Key, (JsonNode?)g.Count()))),
            ["metadata"] = new JsonObject(
                model.MetadataProps.DistinctBy(m => m.Key).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))),
        };
        if (Labels(content["metadata"]!.AsObject()) is { } labels) content["labels"] = JsonNode.Parse(labels.ToJson());
        return content;
    }

    /// <summary>What the model knows by name; null where it says nothing that can be read.</summary>
    private static LabelLayout? Labels(JsonObject metadata)
    {
        try { return (string?)metadata[ModelMetadata.Labels] is { } json ? LabelLayout.FromJson(json) : null; }
        catch (FormatException) { return null; }
    }

    private static JsonArray Values(IEnumerable<ValueInfoProto> values) => new([.. values.Select(v => (JsonNode)new JsonObject
    {
        ["name"] = v.Name,
        ["type"] = v.Type?.TensorType is { } tensor ? ((TensorProto.Types.DataType)tensor.ElemType).ToString().ToLowerInvariant() : "?",
        ["shape"] = Json.Array(v.Type?.TensorType?.Shape?.Dim.Select(d => d.DimParam.Length > 0 ? d.DimParam
            : d.DimValue.ToString(System.Globalization.CultureInfo.InvariantCulture)) ?? []),
    })]);

    private static void Show(IAnsiConsole console, string path, JsonObject c)
    {
        List<string[]> rows = [];
        void Row(string name, string value) =>
            rows.Add([$"[grey]{Markup.Escape(TextFormat.Shorten(name))}[/]", Markup.Escape(TextFormat.Shorten(value, LongestValue))]);
        Row("file", $"{path}, {TextFormat.Bytes((long)c["bytes"]!)}");
        Row("format", $"opset {c["opset"]}, IR {c["irVersion"]}, by {c["producer"]}");
        Row("parameters", TextFormat.Count((long)c["parameters"]!));
        foreach (var kind in new[] { "inputs", "outputs" })
            foreach (var v in c[kind]!.AsArray())
                Row(kind[..^1], $"{v!["name"]} {v["type"]} [{string.Join(", ", v["shape"]!.AsArray().Select(d => (string?)d))}]");
        if (c["refused"] is { } refused) Row("refused", (string)refused!);
        Row("operators", string.Join(", ", c["operators"]!.AsObject().Select(o => (int)o.Value! == 1 ? o.Key : $"{o.Value} {o.Key}")));
        var labels = Labels(c["metadata"]!.AsObject());
        foreach (var field in labels?.Fields ?? []) Row("label", $"{field.Name}: {field.Domain}");
        foreach (var (key, value) in c["metadata"]!.AsObject())
            if (labels is null
                || key is not (ModelMetadata.Labels or ModelMetadata.LabelExamples)) Row(key, TextFormat.Shorten((string)value!, 200));
        Consoles.Rows(console, rows);
    }
}
