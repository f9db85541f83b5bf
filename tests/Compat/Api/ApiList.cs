using System.Text.RegularExpressions;

namespace GanPipeline.Compat.Tests.Api;

/// <summary>A list of a real package's public API, one type or member a line.</summary>
internal sealed partial class ApiList
{
    private readonly HashSet<string> _members;
    private readonly HashSet<string> _withoutDispatch;
    private readonly List<(string Line, string Modifiers, string Signature)> _parts;
    private readonly Dictionary<string, string> _types;

    private ApiList(List<string> lines)
    {
        _types = lines.Where(line => line.StartsWith("T ", StringComparison.Ordinal)).ToDictionary(TypeName);
        _parts = [.. lines.Select(line => MemberLine().Match(line)).Where(match => match.Success)
            .Select(match => (match.Value, match.Groups[1].Value, match.Groups[2].Value))];
        _members = [.. _parts.Select(part => part.Line)];
        _withoutDispatch = [.. _parts.Select(part => WithoutDispatch(part.Line[0], part.Modifiers, part.Signature))];
    }

    /// <summary>What the named lists hold together.</summary>
    public static ApiList Read(params string[] names) =>
        new([.. names.SelectMany(name => File.ReadLines(Path.Combine(Repository.Shared, "api", name + ".txt")))]);

    /// <summary>The line of the type of that name, or null.</summary>
    public string? Type(string name) => _types.GetValueOrDefault(name);

    /// <summary>Whether the list holds the member, on its type or, where it is an override, on a type above.</summary>
    public bool Holds(ApiMember member)
    {
        if (_members.Contains(member.Line)) return true;
        if (!member.IsOverride) return false;
        // What overrides a member of the runtime's own types, ToString say, adds nothing that a caller could name.
        var declaring = member.Member.DeclaringType!;
        if (member.Method!.GetBaseDefinition().DeclaringType!.Assembly != declaring.Assembly) return true;
        var own = ApiNames.Of(declaring) + ".";
        for (var type = declaring; type is not null; type = type.BaseType)
        {
            var signature = member.Signature.Replace(own, ApiNames.Of(type) + ".", StringComparison.Ordinal);
            if (_withoutDispatch.Contains(WithoutDispatch(member.Kind, member.Modifiers, signature))) return true;
        }
        return false;
    }

    /// <summary>What a type that derives from that one, or implements it, has to provide.</summary>
    public IEnumerable<string> AbstractMembersOf(string type, bool isInterface) => _parts
        .Where(part => part.Modifiers.Contains("abstract") || (isInterface && part.Modifiers.Length == 0))
        .Where(part => part.Signature.StartsWith(type + ".", StringComparison.Ordinal))
        .Where(part => !part.Signature[(type.Length + 1)..].Split('(', '<', '[', ' ')[0].Contains('.'))
        .Select(part => part.Line);

    private static string WithoutDispatch(char kind, string modifiers, string signature) =>
        $"{kind} {string.Concat(modifiers.Split(' ').Except(["sealed", "override", "virtual", "abstract"]))} {signature}";

    // 'T Name<A, B> sealed class : ...': the name ends at the first space outside of angle brackets.
    private static string TypeName(string line)
    {
        var depth = 0;
        for (var i = 2; i < line.Length; i++)
        {
            if (line[i] == '<') depth++;
            else if (line[i] == '>') depth--;
            else if (line[i] == ' ' && depth == 0) return line[2..i];
        }
        return line[2..];
    }

    [GeneratedRegex("^[CMPFE] ((?:(?:protected|static|abstract|virtual|override|sealed|readonly|const|default) )*)(.*)$")]
    private static partial Regex MemberLine();
}
