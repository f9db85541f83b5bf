using System.Buffers;
using System.Globalization;

namespace GanPipeline.Jobs;

/// <summary>What translated pictures are called: as the files that they are made from, as PNG; numbers where there are no files.</summary>
internal static class TargetNames
{
    // On one system or another.
    private static readonly SearchValues<char> _forbidden = SearchValues.Create(":*?\"<>|\0");

    /// <summary>The names, with subfolders, of pictures.</summary>
    /// <param name="count">How many there are.</param>
    /// <param name="fileOf">The file of each; null where it is none.</param>
    /// <exception cref="JobException">Two pictures would have one name.</exception>
    public static string[] Of(int count, Func<int, string?> fileOf)
    {
        var names = new string[count];
        Parallel.For(0, names.Length, i => names[i] = Of(fileOf(i), i));
        var first = new Dictionary<string, int>(names.Length, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Length; i++)
        {
            if (first.TryAdd(names[i], i)) continue;
            var (one, other) = (fileOf(first[names[i]]), fileOf(i));
            throw new JobException($"{one ?? names[i]} and {other ?? names[i]} would both become {names[i]}: rename one of them.");
        }
        return names;
    }

    private static string Of(string? file, int index)
    {
        var parts = file?.Replace('\\', '/').Split('/');
        // An entry of an archive may be called anything; nothing is written outside of the folder, or under a hidden name.
        if (parts is null || parts.Any(part => part.Length == 0 || part[0] == '.' || part.AsSpan().ContainsAny(_forbidden)))
            return index.ToString("D6", CultureInfo.InvariantCulture) + ".png";
        parts[^1] = Path.ChangeExtension(parts[^1], ".png");
        return string.Join('/', parts);
    }
}
