using System.Globalization;

namespace GanPipeline.Bench;

/// <summary>The time of each kind of primitive in a log that oneDNN writes where <c>ONEDNN_VERBOSE</c> is 1.</summary>
internal sealed class OneDnnTimes
{
    private const string Prefix = "onednn_verbose,";

    /// <summary>Each kind, as <c>convolution</c> or <c>reorder</c>, dearest first.</summary>
    public required IReadOnlyList<(string Kind, double Milliseconds, int Calls)> Kinds { get; init; }

    /// <summary>All of them, in milliseconds.</summary>
    public double Total => Kinds.Sum(kind => kind.Milliseconds);

    /// <summary>Reads a log. A line of it: onednn_verbose,v1,primitive,exec,cpu,convolution,...,4.02.</summary>
    public static OneDnnTimes Read(IEnumerable<string> lines)
    {
        var times = new Dictionary<string, (double Milliseconds, int Calls)>();
        foreach (var line in lines.Where(line => line.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var fields = line.Split(',');
            var kind = Array.IndexOf(fields, "exec") + 2;
            if (kind < 2 || !double.TryParse(fields[^1], CultureInfo.InvariantCulture, out var milliseconds)) continue;
            var (before, calls) = times.GetValueOrDefault(fields[kind]);
            times[fields[kind]] = (before + milliseconds, calls + 1);
        }
        var kinds = times.Select(time => (time.Key, time.Value.Milliseconds, time.Value.Calls));
        return new() { Kinds = [.. kinds.OrderByDescending(kind => kind.Milliseconds)] };
    }
}
