using System.Runtime.CompilerServices;

namespace GanPipeline.Compat.Tests.Api;

/// <summary>A visible type as a line of the API lists: what comes before its bases, the bases, and what comes after.</summary>
internal sealed record ApiType(string Head, IReadOnlyList<string> Bases, string Tail)
{
    public static ApiType Of(Type type)
    {
        var generic = type.IsGenericTypeDefinition ? type.GetGenericArguments() : [];
        var tail = ApiNames.Constraints(generic) + ApiMember.Obsolete(type);
        var access = type.IsNested && !type.IsNestedPublic ? "protected " : "";
        var head = $"T {ApiNames.Of(type)} {access}";
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return new($"{head}delegate({ApiMember.Parameters(invoke.GetParameters(), false)})", [ApiNames.Of(invoke.ReturnType)], tail);
        }
        if (type.IsEnum)
        {
            var flags = type.IsDefined(typeof(FlagsAttribute), false) ? " [Flags]" : "";
            return new($"{head}enum{flags}", [ApiNames.Of(Enum.GetUnderlyingType(type))], tail);
        }
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var bases = type.GetInterfaces().Except(inherited).Where(IsListed).Select(ApiNames.Of).Order(StringComparer.Ordinal).ToList();
        if (type.IsClass && type.BaseType is { } parent && parent != typeof(object)) bases.Insert(0, ApiNames.Of(parent));
        return new(head + Modifiers(type) + Kind(type), bases, tail);
    }

    /// <summary>Whether that line of a list describes this type, its bases being among those that the list gives it.</summary>
    public bool Fits(string line, ApiList list)
    {
        if (!line.StartsWith(Head, StringComparison.Ordinal)) return false;
        var rest = line[Head.Length..];
        if (!rest.EndsWith(Tail, StringComparison.Ordinal)) return false;
        rest = rest[..^Tail.Length];
        if (rest.Length > 0 && !rest.StartsWith(" : ", StringComparison.Ordinal)) return false;
        return !Bases.Except(Above(line, list)).Any();
    }

    /// <summary>What a list's line says of a type's bases and interfaces.</summary>
    public static IEnumerable<string> BasesOf(string line)
    {
        var start = line.IndexOf(" : ", StringComparison.Ordinal);
        var end = line.IndexOf(" where ", StringComparison.Ordinal);
        return start < 0 || (end >= 0 && end < start) ? [] : Parts(end < 0 ? line[start..] : line[start..end]);
    }

    // The bases of a base count too: a type of ours may leave out one in between.
    private static IEnumerable<string> Above(string line, ApiList list) => BasesOf(line).SelectMany(name =>
        list.Type(name) is { } above ? Above(above, list).Prepend(name) : [name]);

    private static List<string> Parts(string list)
    {
        var parts = new List<string>();
        var depth = 0;
        var start = list.StartsWith(" : ", StringComparison.Ordinal) ? 3 : 0;
        for (var i = start; i <= list.Length; i++)
        {
            if (i == list.Length || (list[i] == ',' && depth == 0))
            {
                if (i > start) parts.Add(list[start..i]);
                start = i + 2;
            }
            else if (list[i] == '<') depth++;
            else if (list[i] == '>') depth--;
        }
        return parts;
    }

    private static bool IsListed(Type type) => ApiMember.IsVisible(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    private static string Kind(Type type) => type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";

    private static string Modifiers(Type type)
    {
        if (type.IsValueType)
            return (type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "");
        if (!type.IsClass) return "";
        return type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
    }
}
