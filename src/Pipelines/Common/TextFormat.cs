using System.Globalization;

namespace GanPipeline.Pipelines;

/// <summary>Small helpers for what people read.</summary>
internal static class TextFormat
{
    /// <summary>A value for a message: control characters shown as spaces, cut where it is long.</summary>
    public static string Shorten(string value, int length = 60)
    {
        var clean = new string([.. value.Take(length + 1).Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length <= length ? clean : clean[..length] + "...";
    }

    /// <summary>An argument as a shell takes it: in quotes where it needs them.</summary>
    public static string ShellArgument(string argument) =>
        argument.Length > 0 && argument.All(c => char.IsAsciiLetterOrDigit(c) || "_./=,:+-@%".Contains(c, StringComparison.Ordinal))
            ? argument : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>./gan with arguments, as people type it.</summary>
    public static string GanCommand(IEnumerable<string> arguments) => string.Join(' ', arguments.Select(ShellArgument).Prepend("./gan"));

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 image", "2 images".</summary>
    public static string Count(long value, string one) => $"{Count(value)} {one}{(value == 1 ? "" : "s")}";

    /// <summary>Seconds as 0.4 s, 12 s, 2:41 or 1:02:07.</summary>
    public static string Duration(double seconds)
    {
        if (double.IsNaN(seconds) || seconds < 0 || seconds > 1e7) return "?";
        if (seconds < 9.95) return seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        var whole = TimeSpan.FromSeconds(Math.Round(seconds));
        if (whole.TotalSeconds < 60) return $"{whole.Seconds} s";
        return whole.TotalHours < 1
            ? $"{whole.Minutes}:{whole.Seconds:00}"
            : $"{(int)whole.TotalHours}:{whole.Minutes:00}:{whole.Seconds:00}";
    }

    /// <summary>A number with about three significant digits: 0.61, 12.3, 1,240.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        double.NaN => "not a number",
        0 => "0",
        < 0.001 => value.ToString("0.0e0", CultureInfo.InvariantCulture),
        < 0.1 => value.ToString("0.0000", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        < 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>"0.412 +- 0.006".</summary>
    public static string Share(double value, double? error) => value.ToString("0.000", CultureInfo.InvariantCulture)
        + (error is { } e ? $" +- {e.ToString("0.000", CultureInfo.InvariantCulture)}" : "");

    public static string Percent(double fraction) => (fraction * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => $"{bytes} B",
        < 1_000_000 => (bytes / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + " kB",
        < 1_000_000_000 => (bytes / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1e9).ToString("0.#", CultureInfo.InvariantCulture) + " GB",
    };

    /// <summary>"a, b and c".</summary>
    public static string List(IEnumerable<string> words, string last = "and")
    {
        var all = words.ToArray();
        return all.Length < 2 ? string.Concat(all) : $"{string.Join(", ", all[..^1])} {last} {all[^1]}";
    }

    /// <summary>The candidate that a mistyped name most likely means, or null where none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > 100) return null;
        var best = candidates.Select(c => (Name: c, Distance: EditDistance.Of(Fold(name), Fold(c)))).OrderBy(c => c.Distance)
            .ThenBy(c => c.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, best.Name.Length / 3) && best.Distance < best.Name.Length
            ? best.Name
            : null;

        // Case and the kind of separator are not what somebody got wrong.
        static string Fold(string text)
            => text.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
    }
}
