using System.Reflection;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Export.Tests;

/// <summary>Writes docs/export-coverage.md from the exporter's tables and TorchSharp's own list of layers and functions.</summary>
internal static class ExportReference
{
    private static readonly Type[] _classes =
    [
        typeof(torch), typeof(Tensor), typeof(nn.functional), typeof(special), typeof(linalg), typeof(fft),
        typeof(TorchSharp.Modules.Transformer), typeof(TorchSharp.Modules.TransformerEncoderLayer),
    ];

    private static readonly string[] _containers = ["ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"];

    private static readonly Dictionary<string, string> _operators = new()
    {
        ["op_Addition"] = "+", ["op_Subtraction"] = "-", ["op_Multiply"] = "*", ["op_Division"] = "/", ["op_Modulus"] = "%",
        ["op_UnaryNegation"] = "-x", ["op_Equality"] = "==", ["op_Inequality"] = "!=", ["op_LessThan"] = "<", ["op_GreaterThan"] = ">",
        ["op_LessThanOrEqual"] = "<=", ["op_GreaterThanOrEqual"] = ">=", ["op_BitwiseAnd"] = "&", ["op_BitwiseOr"] = "|",
        ["op_ExclusiveOr"] = "^", ["op_OnesComplement"] = "~", ["op_Implicit"] = "(Tensor)number", ["op_MinusMinusGreater"] = "-->",
        ["index"] = "x[...]", ["index_put"] = "x[...] =",
    };

    /// <summary>The layers of TorchSharp that are modules one calls, without containers of modules.</summary>
    public static IEnumerable<Type> Layers => typeof(torch).Assembly.GetExportedTypes()
        .Where(type => type is { Namespace: "TorchSharp.Modules", IsAbstract: false } && typeof(nn.Module).IsAssignableFrom(type) &&
            !_containers.Contains(type.Name.Split('`')[0]))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    /// <summary>The functions of TorchSharp that give tensors, in all their overloads.</summary>
    public static IEnumerable<MethodInfo> Methods => _classes.SelectMany(type => type.GetMethods(
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        .Where(method => CallWrappers.IsRecorded(method) && CallWrappers.HasTensors(method.ReturnType) &&
            method is not { IsSpecialName: true, Name: ['s', 'e', 't', '_', ..] } && method.Name != "forward");

    /// <summary>A function's name in the exporter's table.</summary>
    public static string NameOf(MethodInfo method)
    {
        var name = FunctionCall.NameOf(new TracedCall(method, [], [], (null!, ""), null!));
        var own = $"{method.DeclaringType!.Name}.{name}";
        return FunctionTable.Functions.Entries.ContainsKey(own) ? own : name;
    }

    /// <summary>The functions of TorchSharp that give tensors: as the exporter's table has them, and as they are written.</summary>
    public static IReadOnlyDictionary<string, string> Functions { get; } = Named();

    /// <summary>What the exporter's tables say of a layer; null where they do not know it.</summary>
    public static ConverterEntry? Of(Type layer)
    {
        if (FunctionTable.Layers.Entries.GetValueOrDefault(layer) is { } entry) return entry;
        for (var type = layer; type is not null; type = type.BaseType)
            if (BuiltInLayers.Entries.GetValueOrDefault(type) is { } known)
                return new ConverterEntry(known.Section, _ => [], ExportOptions.OldestOpset, known.Note, Exactness.Exact);
        return null;
    }

    public static string Write()
    {
        var sections = BuiltInLayers.Entries.Values.Select(layer => layer.Section)
            .Concat(FunctionTable.Layers.Entries.Values.Select(layer => layer.Section)).Distinct().ToList();
        var layers = Layers.Select(layer => (layer.Name, Entry: Of(layer)!))
            .OrderBy(layer => sections.IndexOf(layer.Entry.Section)).ToArray();
        var functions = FunctionTable.Functions.Entries.Select(entry => (Name: Shown(entry.Key), Entry: entry.Value)).ToArray();
        var text = new StringBuilder(
            $"""
            # What the exporter takes

            Of TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(2)}'s {layers.Length} layers, {Counts(layers)}.
            Of its {functions.Length} functions that give tensors, {Counts(functions)}.

            This page is written by a test from the exporter's own tables and TorchSharp's assembly; neither can have what the other lacks.
            How an export works, and what a `forward` may do, is in [GanPipeline.Export's README](../src/Export/README.md).

            ## How to read it

            - **Exact**: ONNX Runtime computes what Torch computes, but for the order in which sums are rounded. An export compares the two
              on random inputs, and fails where they differ by more than 1e-4.
            - **Near**: other digits somewhere, as it says there.
            - **Refused**: an `ExportException` with module, function, source line and the advice that stands here. Of parameters alone
              every function is exported: its result is a constant. What no output needs is not refused either.
            - **From** is the first operator set, `ExportOptions.Opset`, that has it; {ExportOptions.OldestOpset} where nothing is said.
            - A function stands for all its forms: `relu` for `torch.relu`, `Tensor.relu`, `functional.relu` and, in place, `relu_`.

            ## Networks

            Tests export these as they are, and compare each with Torch:

            - of TorchVision for .NET: {Listed(TorchVisionTests.Names)};
            - written as their users write them (`tests/Export/Networks`): {Listed(RecordingTests.Names)};
            - for any height and width, or length: {Listed(DynamicAxesTests.Names)}.

            ## Layers


            """);
        Sections(text, layers);
        text.Append(
            """
            `Sequential` and the lists and dictionaries of modules and parameters are looked through. A `Sequential` of what is exported is
            exported; so is every module of one's own, as its `forward` says. A TorchScript module is refused: its computation is not in C#.

            ## Functions


            """);
        var groups = functions.GroupBy(function => function.Entry.Section)
            .ToLookup(group => group.All(function => function.Entry.Exactness == Exactness.Refused));
        Sections(text, [.. groups[false].SelectMany(group => group)]);
        text.Append("## Outside ONNX\n\n");
        foreach (var group in groups[true])
        {
            var names = group.Select(function => function.Name).Order(StringComparer.OrdinalIgnoreCase)
                .Select(name => $"`{name}`").ToArray();
            var some = string.Join(", ", names.Take(8)) + (names.Length > 8 ? $" and {names.Length - 8} more" : "");
            text.Append($"- **{group.Key}**: {some}. {Sentence(group.First().Entry.Note!, "Each", "them")}\n");
        }
        text.Append(
            """
            - **Training**: `nn.init`, `optim`, `autograd`, `distributions`, `random`. They are not part of a `forward`; what they did to
              the parameters is in the file.
            - **Files and devices**: `save`, `load`, `cuda`, `jit`, `utils.data`. What they give is a constant where `forward` uses it.

            """);
        return Wrapped(text.ToString());
    }

    private static string Listed(IEnumerable<object[]> names) => string.Join(", ", names.Select(name => (string)name[0]));

    private static string Counts((string Name, ConverterEntry Entry)[] all)
    {
        int Count(Exactness exactness) => all.Count(one => one.Entry.Exactness == exactness);
        return $"{Count(Exactness.Exact)} are exact, {Count(Exactness.Approximate)} near and {Count(Exactness.Refused)} refused";
    }

    // What needs no more words in one paragraph, and a table of the rest.
    private static void Sections(StringBuilder text, (string Name, ConverterEntry Entry)[] all)
    {
        foreach (var section in all.GroupBy(one => one.Entry.Section))
        {
            text.Append($"### {section.Key}\n\n");
            var rows = section.GroupBy(one => (one.Entry.Exactness, one.Entry.Since, one.Entry.Note))
                .OrderBy(row => row.Key.Exactness).ThenBy(row => row.Key.Since).ToArray();
            string Names(IEnumerable<(string Name, ConverterEntry)> row) => string.Join(", ", row
                .Select(one => one.Name.Replace("|", "\\|", StringComparison.Ordinal)).Distinct()
                .Order(StringComparer.OrdinalIgnoreCase).Select(name => $"`{name}`"));
            var plain = rows.Where(row => row.Key is (Exactness.Exact, ExportOptions.OldestOpset, null)).ToArray();
            foreach (var row in plain) text.Append($"Exact: {Names(row)}.\n\n");
            if (rows.Length == plain.Length) continue;
            text.Append("| | | From | Limits |\n|---|---|---|---|\n");
            foreach (var row in rows.Except(plain))
            {
                var (word, note) = row.Key.Exactness switch
                {
                    Exactness.Exact => ("exact", row.Key.Note ?? ""),
                    Exactness.Approximate => ("near", row.Key.Note!),
                    _ => ("refused", Sentence(row.Key.Note!, "It", "it")),
                };
                var from = row.Key.Exactness == Exactness.Refused ? "" : $"{row.Key.Since}";
                text.Append($"| {Names(row)} | {word} | {from} | {note} |\n");
            }
            text.Append('\n');
        }
    }

    // A refusal goes on after a function's name: "which draws ...". Here it is a sentence.
    private static string Sentence(string why, string subject, string them)
    {
        const string none = "for which ONNX has no operator";
        var text = why.StartsWith(none, StringComparison.Ordinal) ? $"ONNX has no operator for {them}{why[none.Length..]}"
            : why.StartsWith("which ", StringComparison.Ordinal) ? $"{subject} {why[6..]}"
            : why.StartsWith("whose ", StringComparison.Ordinal) ? $"Its {why[6..]}"
            : why.StartsWith("where ", StringComparison.Ordinal) ? why[6..]
            : $"{subject} {why}";
        return text.EndsWith('.') ? text : text + ".";
    }

    // Lines of 140 characters at most; those of tables stay.
    private static string Wrapped(string text)
    {
        var lines = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            var indent = line.StartsWith("- ", StringComparison.Ordinal) ? "  " : "";
            var rest = line;
            while (rest.Length > 140 && !rest.StartsWith('|'))
            {
                var at = rest.LastIndexOf(' ', 140);
                lines.Add(rest[..at]);
                rest = indent + rest[(at + 1)..];
            }
            lines.Add(rest);
        }
        return string.Join('\n', lines) + "\n";
    }

    private static string Shown(string name) => _operators.GetValueOrDefault(name) ?? Functions.GetValueOrDefault(name) ?? name;

    private static SortedDictionary<string, string> Named()
    {
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var method in Methods)
        {
            var name = NameOf(method);
            names.TryAdd(name, name.Contains('.', StringComparison.Ordinal) ? name
                : method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name[4..] : method.Name.TrimEnd('_'));
        }
        return names;
    }
}
