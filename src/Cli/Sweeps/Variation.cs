using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>A setting and the values that a sweep gives it.</summary>
/// <param name="Key">As --set has it, <c>train.learning-rate</c>.</param>
/// <param name="Values">Each as --set has it; two or more different ones, or one.</param>
internal sealed record Variation(string Key, IReadOnlyList<string> Values)
{
    /// <summary>Reads <c>KEY=A,B,C</c>; commas inside brackets, braces and quotes belong to a value.</summary>
    /// <exception cref="RequestException">It is none.</exception>
    public static Variation Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0)
            throw new RequestException($"--vary {text}: give a setting and its values, as in --vary train.learning-rate=2e-4,4e-4.");
        var (key, values) = (text[..at].Trim(), Split(text[(at + 1)..]));
        if (values.Any(value => value.Length == 0)) throw new RequestException($"--vary {text}: a value is empty.");
        if (values.Distinct(StringComparer.Ordinal).Count() < values.Count)
            throw new RequestException($"--vary {text}: a value stands there twice.");
        return new(key, values);
    }

    private static List<string> Split(string text)
    {
        List<string> values = [];
        var (begin, depth, quote) = (0, 0, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0') quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'') quote = c;
            else if (c is '[' or '{') depth++;
            else if (c is ']' or '}') depth--;
            else if (c == ',' && depth == 0)
            {
                values.Add(text[begin..i].Trim());
                begin = i + 1;
            }
        }
        values.Add(text[begin..].Trim());
        return values;
    }
}
