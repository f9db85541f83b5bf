using System.Buffers;

namespace GanPipeline;

/// <summary>Tables as text, values separated by commas (RFC 4180).</summary>
internal static class Csv
{
    // Programs that guess the separator take a semicolon or a tab for one.
    private static readonly SearchValues<char> _special = SearchValues.Create(",;\"\t\r\n");

    /// <summary>A value as it stands in a table: in quotes where it could be taken for more than one.</summary>
    public static string Cell(string value) => value.AsSpan().IndexOfAny(_special) < 0 ? value
        : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
