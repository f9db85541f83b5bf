namespace GanPipeline.Compat.Tests.Api;

/// <summary>A list of a real package's public API, one type or member a line.</summary>
internal sealed class ApiList
{
    private readonly HashSet<string> _members;
    private readonly Dictionary<string, string> _types;
    private readonly HashSet<string> _looseMembers;

    private ApiList(IEnumerable<string> lines)
    {
        var all = lines.Where(line => line.Length > 2 && line[1] == ' ').ToList();
        _members = [.. all.Where(line => line[0] != 'T')];
        _looseMembers = [.. _members.Select(WithoutOverride)];
        _types = all.Where(line => line[0] == 'T').ToDictionary(TypeName);
    }

    public static ApiList Read(string name) => new(File.ReadLines(Path.Combine(Repository.Shared, "api", name + ".txt")));

    public IEnumerable<string> Members => _members;

    /// <summary>The line of the type of that name, or null.</summary>
    public string? Type(string name) => _types.GetValueOrDefault(name);

    /// <summary>Whether the list holds the member, on its type or, where it is an override, on a type above.</summary>
    public bool Holds(ApiMember member)
    {
        if (_members.Contains(member.Line)) return true;
        if (!member.IsOverride) return false;
        if (_looseMembers.Contains(WithoutOverride(member.Line))) return true;
        // What overrides a member of the runtime's own types, ToString say, adds nothing that a caller could name.
        var root = member.Method!.GetBaseDefinition().DeclaringType!;
        if (root.Assembly != member.Member.DeclaringType!.Assembly) return true;
        var own = ApiNames.Of(member.Member.DeclaringType) + ".";
        for (var above = member.Member.DeclaringType.BaseType; above is not null; above = above.BaseType)
        {
            var signature = member.Signature.Replace(own, ApiNames.Of(above) + ".", StringComparison.Ordinal);
            if (_looseMembers.Contains(WithoutOverride($"{member.Kind} {member.Modifiers}{signature}"))) return true;
        }
        return false;
    }

    private static string WithoutOverride(string line)
    {
        foreach (var modifier in (string[])["sealed override ", "override ", "virtual ", "abstract "])
        {
            var at = line.IndexOf(modifier, StringComparison.Ordinal);
            if (at >= 0 && at <= "M protected ".Length) return line.Remove(at, modifier.Length);
        }
        return line;
    }

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
}
