using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GanPipeline.Data;

namespace GanPipeline.Pipelines.Tests;

/// <summary>Writes docs/pipelines.md from the option records and their XML documentation, which lies beside the assemblies.</summary>
internal static partial class PipelineReference
{
    private const string Head = """
        # What pipelines.yaml may say

        <!-- Generated from the documentation of the option records; change it there, see CONTRIBUTING.md. -->

        A pipelines file is a map `pipelines` with one entry a pipeline. Each pipeline is a map of the sections below. Every key that is left out has
        its default, so a pipeline needs no more than its data:

        ```yaml
        pipelines:
          my-pictures:
            data: { kind: folder, path: my/pictures, size: 64 }
            train: { steps: 8000 }
        ```

        Any value can be set on the command line: `./gan run my-pictures --set train.steps=500 --set data.classes=[cat, dog]`. Values come from the
        pipeline, then from its preset, then from `--set`; the later ones win. Mistakes are told before anything runs, all at once, each with its line.
        Relative paths start from the file's folder, those in `--set` from the current one.

        A key has the name of the option in C#: `train.batch-size` is `TrainingOptions.BatchSize`, and `generator-loss: non-saturating` is
        `GeneratorLoss.NonSaturating`. Ranges are `[from, to]`, or one number that is both. Lists are `[a, b]`.

        ## A pipeline

        | key | value | default | meaning |
        |---|---|---|---|
        | `kind` | `gan`, `classifier`, `text-encoder` | `gan` | A GAN; a classifier: the small network whose features measure how good a GAN's samples are; or a text encoder, which embeds captions and pictures in one space. |
        | `description` | text | | One line for `gan list`. |
        | `presets` | maps of sections | | Named sets of values, which `train.preset` puts in the place of the pipeline's own. |

        """;

    private static readonly Dictionary<string, XElement> _documentation = [];

    public static string Write()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var section in PipelineSections.All)
        {
            var kind = section.Kind is null || PipelineSections.All.Count(s => s.Name == section.Name) == 1
                ? ""
                : $" of kind {section.Kind}";
            text.Append(CultureInfo.InvariantCulture, $"\n## {section.Name}{kind}\n\n{Sentence(section.Title)}.\n\n");
            Table(text, [.. section.Parts.SelectMany(part => part.Members.Select(member => (part, member)))]);
            foreach (var (part, member) in section.Parts.SelectMany(part => part.Members.Select(member => (part, member)))
                .Where(m => m.member.IsNested))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n### {section.Name}.{member.Key}\n\n{Meaning(member.Property)}\n\n");
                var nested = new OptionPart<object>(part.Default(member)!, _ => []);
                Table(text, [.. nested.Members.Select(m => ((OptionPart)nested, m))]);
            }
        }
        return text.ToString();
    }

    private static void Table(StringBuilder text, IReadOnlyList<(OptionPart Part, OptionMember Member)> rows)
    {
        text.Append("| key | value | default | meaning |\n|---|---|---|---|\n");
        foreach (var (part, member) in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| `{member.Key}` | {Value(member)} | {Default(part, member)} | {(Meaning(member.Property) + Choices(member)).Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
    }

    private static string Value(OptionMember member) => member switch
    {
        { IsNested: true } => "a map, see below",
        { IsFlags: true } => "a list of " + string.Join(", ", member.Choices!.Select(Code)),
        { Choices: { } choices } => string.Join(", ", choices.Select(Code)),
        { IsPath: true } => "path",
        _ when member.Type == typeof(string) => "text",
        _ when member.Type == typeof(double) => "number",
        _ when member.Type == typeof(NumberRange) => "range",
        _ when member.Type == typeof(IReadOnlyList<string>) => "names",
        _ when member.Type == typeof(IReadOnlyList<double>) => "numbers",
        _ when member.Type == typeof(IReadOnlyList<int>) => "whole numbers",
        { IsAutomatic: true } => $"whole number, {Code(OptionMember.Automatic)}",
        _ => "whole number",
    };

    private static string Default(
        OptionPart part,
        OptionMember member) => Meaning(member.Property).Contains("Default:", StringComparison.Ordinal) ? "depends"
            : part.Default(member) switch
    {
        _ when member.IsNested => "",
        bool flag => Code(flag ? "true" : "false"),
        double number => Code(Number(number)),
        NumberRange range => Code($"[{Number(range.From)}, {Number(range.To)}]"),
        Enum choice => member.IsFlags ? Code("[]") : Code(OptionMember.KeyOf(choice.ToString())),
        IEnumerable<string> names => Code($"[{string.Join(", ", names)}]"),
        IEnumerable<int> numbers => Code($"[{string.Join(", ", numbers)}]"),
        IEnumerable<double> numbers => Code($"[{string.Join(", ", numbers.Select(Number))}]"),
        null when member.IsAutomatic => Code(OptionMember.Automatic),
        null or "" => "",
        var other => Code(Convert.ToString(other, CultureInfo.InvariantCulture)!),
    };

    private static string Number(double value)
        => value.ToString(CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal);

    /// <summary>What each choice of an enumeration means.</summary>
    private static string Choices(OptionMember member) => !member.Type.IsEnum ? "" : " " + string.Join(" ",
        member.Choices!.Select(
            choice => $"{Code(choice)}: {LowerFirst(Meaning(member.Type.GetField(member.Parse(choice)!.ToString()!)!))}"));

    private static string Meaning(MemberInfo member)
    {
        var summary = Find(member);
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "c" } code => Code(code.Value),
            XElement { Name.LocalName: "see" } see => Reference((string)see.Attribute("cref")!),
            _ => throw new InvalidOperationException($"The summary of {member.Name} has a node that docs/pipelines.md cannot show: {node}"),
        }));
        return Sentence(Spaces().Replace(text, " ").Trim());
    }

    /// <summary>A member's name: as a key where it is an option.</summary>
    private static string Reference(string cref)
    {
        var parts = cref.Split('(')[0].Split('.');
        var isOption = cref.StartsWith("P:", StringComparison.Ordinal) && parts[^2].EndsWith("Options", StringComparison.Ordinal);
        return Code(isOption
            ? OptionMember.KeyOf(parts[^1])
            : cref.StartsWith("T:", StringComparison.Ordinal) ? parts[^1] : $"{parts[^2]}.{parts[^1]}");
    }

    private static XElement Find(MemberInfo member)
    {
        var assembly = member.DeclaringType!.Assembly;
        if (!_documentation.TryGetValue(assembly.FullName!, out var documentation))
            _documentation.Add(assembly.FullName!, documentation = XElement.Load(Path.ChangeExtension(assembly.Location, ".xml")));
        var id = $"{(member is FieldInfo ? 'F' : 'P')}:{member.DeclaringType.FullName}.{member.Name}";
        return documentation.Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == id)?.Element("summary")
            ?? throw new InvalidOperationException($"{id} has no summary for docs/pipelines.md.");
    }

    private static string Code(string text) => $"`{text}`";

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string LowerFirst(string text)
        => text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
