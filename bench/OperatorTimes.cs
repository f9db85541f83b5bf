using System.Text.Json;

namespace GanPipeline.Bench;

/// <summary>The time of operators in a trace of libtorch's profiler, each without that of the operators it calls.</summary>
internal sealed class OperatorTimes
{
    // Of an operator with many inputs, the first ones tell which it is.
    private const int Inputs = 2;

    private readonly Dictionary<string, (double Milliseconds, int Calls)> _times = [];
    private readonly Dictionary<string, int> _calls = [];

    /// <summary>The time in all operators, in milliseconds.</summary>
    public double Total { get; private set; }

    /// <summary>The time from the first one's begin to the last one's end, in milliseconds.</summary>
    public double Span { get; private set; }

    /// <summary>Reads a trace file.</summary>
    public static OperatorTimes Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var trace = JsonDocument.Parse(stream);
        var times = new OperatorTimes();
        var events = trace.RootElement.GetProperty("traceEvents").EnumerateArray().Where(IsOperator).Select(Event.Of).ToArray();
        if (events.Length == 0) return times;
        foreach (var thread in events.GroupBy(e => e.Thread)) times.Add(thread);
        times.Span = events.Max(e => e.End) - events.Min(e => e.Begin);
        return times;
    }

    /// <summary>The calls of an operator.</summary>
    public int Calls(string name) => _calls.GetValueOrDefault(name);

    /// <summary>The operators with the most time.</summary>
    public IEnumerable<(string Name, double Milliseconds, int Calls)> Dearest(int count) =>
        _times.OrderByDescending(time => time.Value.Milliseconds).Take(count).Select(t => (t.Key, t.Value.Milliseconds, t.Value.Calls));

    private static bool IsOperator(JsonElement e) =>
        e.GetProperty("ph").GetString() == "X" && e.TryGetProperty("cat", out var category) && category.GetString() == "cpu_op";

    private void Add(IEnumerable<Event> thread)
    {
        var open = new Stack<Event>();
        foreach (var e in thread.OrderBy(e => e.Begin).ThenByDescending(e => e.End))
        {
            while (open.TryPeek(out var last) && last.End <= e.Begin) open.Pop();
            if (open.TryPeek(out var caller)) Add(caller.Key, -(e.End - e.Begin), 0);
            else Total += e.End - e.Begin;
            Add(e.Key, e.End - e.Begin, 1);
            _calls[e.Name] = _calls.GetValueOrDefault(e.Name) + 1;
            open.Push(e);
        }
    }

    private void Add(string key, double milliseconds, int calls)
    {
        var (before, count) = _times.GetValueOrDefault(key);
        _times[key] = (before + milliseconds, count + calls);
    }

    private sealed record Event(string Name, string Key, string Thread, double Begin, double End)
    {
        public static Event Of(JsonElement e)
        {
            const double perMillisecond = 1000;
            var name = e.GetProperty("name").GetString()!;
            var sizes = e.TryGetProperty("args", out var arguments) && arguments.TryGetProperty("Input Dims", out var dims)
                ? string.Join(" ", dims.EnumerateArray().Select(d => d.GetRawText().Replace(" ", "", StringComparison.Ordinal))
                    .Where(d => d != "[]").Take(Inputs)) : "";
            var begin = e.GetProperty("ts").GetDouble() / perMillisecond;
            return new(name, $"{name} {sizes}".TrimEnd(), e.GetProperty("tid").GetRawText(), begin,
                begin + e.GetProperty("dur").GetDouble() / perMillisecond);
        }
    }
}
