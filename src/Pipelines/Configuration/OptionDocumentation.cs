using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using GanPipeline.Data;

namespace GanPipeline.Pipelines;

/// <summary>
/// What the keys of pipelines.yaml are, in Markdown, from the XML documentation of the option records, which lies beside the assemblies.
/// docs/pipelines.md and the studio's form show it.
/// </summary>
internal static partial class OptionDocumentation
{
    /// <summary>The documented members of an assembly by their identifiers, as in <c>P:GanPipeline.Data.DataOptions.Size</c>.</summary>
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> _summaries = new();

    /// <summary>What an option is for, with what each of its choices means.</summary>
    public static string Meaning(OptionMember member) => Summary(member) + Choices(member);

    /// <summary>What an option is for.</summary>
    public static string Summary(OptionMember member) => Text(member.Property);

    /// <summary>What may be written: a type in words, or the choices.</summary>
    public static string Value(OptionMember member) => member switch
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

    /// <summary>What an option has where it is not written; "depends" where its documentation says so, nothing for a map.</summary>
    /// <param name="part">The record that takes the option.</param>
    /// <param name="member">The option.</param>
    public static string Default(OptionPart part, OptionMember member) =>
        Summary(member).Contains("Default:", StringComparison.Ordinal) ? "depends" : part.Default(member) switch
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

    /// <summary>A text with a capital letter.</summary>
    public static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Number(double value)
        => value.ToString(CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal);

    /// <summary>What each choice of an enumeration means.</summary>
    private static string Choices(OptionMember member) => !member.Type.IsEnum ? "" : " " + string.Join(" ",
        member.Choices!.Select(
            choice => $"{Code(choice)}: {LowerFirst(Text(member.Type.GetField(member.Parse(choice)!.ToString()!)!))}"));

    private static string Text(MemberInfo member)
    {
        var summary = Find(member);
        var text = string.Concat(summary.Nodes().Select(node => node switch
        {
            XText plain => plain.Value,
            XElement { Name.LocalName: "c" } code => Code(code.Value),
            XElement { Name.LocalName: "see" } see => Reference((string)see.Attribute("cref")!),
            _ => throw new InvalidOperationException($"The summary of {member.Name} has a node that cannot be shown: {node}"),
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
        var summaries = _summaries.GetOrAdd(member.DeclaringType!.Assembly, assembly =>
            // With the spaces between elements.
            XElement.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace).Descendants("member")
                .Where(documented => documented.Element("summary") is not null)
                .ToDictionary(documented => (string)documented.Attribute("name")!, documented => documented.Element("summary")!));
        var id = $"{(member is FieldInfo ? 'F' : 'P')}:{member.DeclaringType.FullName}.{member.Name}";
        return summaries.GetValueOrDefault(id) ?? throw new InvalidOperationException($"{id} has no summary.");
    }

    private static string Code(string text) => $"`{text}`";

    private static string LowerFirst(string text)
        => text.Length > 1 && char.IsUpper(text[1]) ? text : char.ToLowerInvariant(text[0]) + text[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
