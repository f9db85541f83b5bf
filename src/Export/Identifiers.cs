using System.Text;

namespace GanPipeline.Export;

/// <summary>ONNX wants every name to be a C90 identifier.</summary>
internal static class Identifiers
{
    /// <summary>Whether a name is a letter or underscore followed by letters, digits and underscores, all ASCII.</summary>
    public static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The name, or an exception where it is not an identifier.</summary>
    public static string Require(string name, string parameter) =>
        IsIdentifier(name ?? "") ? name! : throw new ArgumentException(
            $"'{name}' is no name for an ONNX file: it takes ASCII letters, digits and underscores, not starting with a digit.", parameter);

    /// <summary>An identifier as close to a module's path as possible: "main.3" gives "main_3", "0" gives "layer_0".</summary>
    public static string From(string path)
    {
        var name = new StringBuilder(path.Length + 6);
        if (path.Length == 0 || char.IsAsciiDigit(path[0])) name.Append("layer_");
        foreach (var c in path) name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return name.ToString();
    }
}

/// <summary>Hands out names, each once.</summary>
internal sealed class UniqueNames
{
    private readonly HashSet<string> _taken = [];

    /// <summary>The wanted name, or the first of name_2, name_3, ... that is free.</summary>
    public string Take(string wanted)
    {
        var name = wanted;
        for (var i = 2; !_taken.Add(name); i++) name = $"{wanted}_{i}";
        return name;
    }
}
