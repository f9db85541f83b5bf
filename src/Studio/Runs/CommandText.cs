namespace GanPipeline.Studio;

/// <summary>Command lines as people type them.</summary>
internal static class CommandText
{
    /// <summary>./gan with arguments, quoted for a shell where they need it.</summary>
    public static string Of(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(Quoted).Prepend("./gan"));

    private static string Quoted(string argument) => argument.Length > 0 && argument.All(IsPlain) ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || "-_./=+:,@%".Contains(c, StringComparison.Ordinal);
}
