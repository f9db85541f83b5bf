using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>One combination of a sweep's values.</summary>
/// <param name="Name">Of its folder: the last parts of the keys with their values, as in <c>learning-rate=2e-4_seed=0</c>.</param>
/// <param name="Settings">Each varied key with its value.</param>
internal sealed record SweepRun(string Name, IReadOnlyList<KeyValuePair<string, string>> Settings)
{
    private const int LongestName = 120;

    /// <summary>All combinations; the last key changes fastest.</summary>
    /// <exception cref="RequestException">A key is varied twice.</exception>
    public static IReadOnlyList<SweepRun> All(IReadOnlyList<Variation> variations)
    {
        if (variations.GroupBy(v => v.Key, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new RequestException($"--vary {twice.Key} stands there twice; give all of its values at once.");
        IEnumerable<KeyValuePair<string, string>[]> combinations = [[]];
        foreach (var (key, values) in variations)
            combinations = combinations.SelectMany(c => values.Select(value => (KeyValuePair<string, string>[])[.. c, new(key, value)]));
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        return [.. combinations.Select(settings => new SweepRun(Unused(names, Folder(settings)), settings))];
    }

    private static string Folder(KeyValuePair<string, string>[] settings)
    {
        var name = string.Join('_', settings.Select(setting =>
        {
            var last = setting.Key[(setting.Key.LastIndexOf('.') + 1)..];
            // Of keys that end alike the whole ones.
            var key = settings.Count(other => other.Key.EndsWith("." + last, StringComparison.Ordinal)) > 1 ? setting.Key : last;
            return $"{key}={setting.Value}";
        }));
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || "=._+-".Contains(c, StringComparison.Ordinal) ? c : '-'));
        return safe.Length <= LongestName ? safe : safe[..LongestName];
    }

    private static string Unused(HashSet<string> names, string name)
    {
        var unused = name;
        for (var i = 2; !names.Add(unused); i++) unused = $"{name}.{i}";
        return unused;
    }
}
