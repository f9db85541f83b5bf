using System.Globalization;
using GanPipeline.Data.Bricks;

namespace GanPipeline.Pipelines;

/// <summary>
/// Reads typed values out of one map. What is asked for is what is known: <see cref="Done"/> reports every other key with the
/// nearest name that was asked for. A value that is wrong is reported and its default returned, so that reading goes on.
/// </summary>
internal sealed class Section(ConfigMap map, string path, Problems problems)
{
    private readonly List<string> _known = [];

    public bool Has(string key) => map.Find(key) is not null;

    public string Text(string key, string fallback) => Scalar(key) is { } scalar ? scalar.Value : fallback;

    public int Integer(string key, int fallback, int min, int max = int.MaxValue) => (int)Long(key, fallback, min, max);

    public long Long(string key, long fallback, long min, long max = long.MaxValue)
    {
        if (Scalar(key) is not { } scalar) return fallback;
        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        problems.Add(scalar.Source, At(key), $"{scalar.Describe()} is not {Whole(min, max)}.");
        return fallback;
    }

    public double Number(string key, double fallback, double min, double max)
    {
        if (Scalar(key) is not { } scalar) return fallback;
        if (double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        problems.Add(scalar.Source, At(key), string.Create(CultureInfo.InvariantCulture, $"{scalar.Describe()} is not a number from {min} to {max}."));
        return fallback;
    }

    /// <summary>Two numbers, [from, to], or one that is both; what ranges there are is the caller's to check.</summary>
    public NumberRange Range(string key, NumberRange fallback)
    {
        _known.Add(key);
        ConfigNode[] ends = map.Find(key)?.Value switch
        {
            null or ConfigScalar { Value: "", Quoted: false } => [],
            ConfigScalar one => [one, one],
            ConfigList { Items.Count: 2 } two => [.. two.Items],
            { } other => [other],
        };
        if (ends.Length == 0) return fallback;
        var numbers = ends.OfType<ConfigScalar>()
            .Select(e => double.TryParse(e.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN)
            .Where(value => !double.IsNaN(value)).ToArray();
        if (numbers.Length == 2) return new NumberRange(numbers[0], numbers[1]);
        problems.Add(ends[0].Source, At(key), $"must be a number or two, [from, to], as in {key}: [{fallback.From.ToString(CultureInfo.InvariantCulture)}, {fallback.To.ToString(CultureInfo.InvariantCulture)}].");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Scalar(key) is not { } scalar) return fallback;
        if (scalar.Value is "true" or "false") return scalar.Value == "true";
        problems.Add(scalar.Source, At(key), $"{scalar.Describe()} is not true or false.");
        return fallback;
    }

    public string OneOf(string key, string fallback, IReadOnlyList<string> choices)
    {
        if (Scalar(key) is not { } scalar) return fallback;
        if (choices.Contains(scalar.Value)) return scalar.Value;
        problems.Add(scalar.Source, At(key), Unknown(scalar.Describe(), scalar.Value, choices));
        return fallback;
    }

    /// <summary>A path as an absolute one: relative to the file it was written in, or to the current folder for --set. Empty where not given.</summary>
    public string FullPath(string key)
    {
        if (Scalar(key) is not { Value.Length: > 0 } scalar) return "";
        if (!scalar.Value.Contains('\0', StringComparison.Ordinal)) return Path.GetFullPath(Path.Combine(scalar.Source.Folder, scalar.Value));
        problems.Add(scalar.Source, At(key), "a path cannot hold a NUL character.");
        return "";
    }

    public IReadOnlyList<string> Texts(string key)
    {
        _known.Add(key);
        switch (map.Find(key)?.Value)
        {
            case null or ConfigScalar { Value: "", Quoted: false }: return [];
            case ConfigScalar one: return [.. one.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            case ConfigList list when list.Items.All(i => i is ConfigScalar): return [.. list.Items.Select(i => ((ConfigScalar)i).Value)];
            case { } other:
                problems.Add(other.Source, At(key), $"must be a list of names like [a, b], but is {other.Describe()}.");
                return [];
        }
    }

    /// <summary>Numbers in a list, or one by itself.</summary>
    public IReadOnlyList<double> Numbers(string key, double min, double max)
    {
        List<double> numbers = [];
        foreach (var text in Texts(key))
        {
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) numbers.Add(value);
            else Wrong(key, string.Create(CultureInfo.InvariantCulture, $"\"{TextFormat.Shorten(text)}\" is not a number from {min} to {max}."));
        }
        return numbers;
    }

    /// <summary>A map below this one; empty where it is not given.</summary>
    public Section Child(string key) => new(Map(key), At(key), problems);

    public ConfigMap Map(string key)
    {
        _known.Add(key);
        switch (map.Find(key)?.Value)
        {
            case ConfigMap child: return child;
            case null or ConfigScalar { Value: "", Quoted: false }: return ConfigMap.Empty(map.Source);
            case { } other:
                problems.Add(other.Source, At(key), $"must be a map of options, but is {other.Describe()}.");
                return ConfigMap.Empty(other.Source);
        }
    }

    /// <summary>Reports a value that is wrong beside others, at the place where it (or its section) was written.</summary>
    public void Wrong(string key, string message) => problems.Add(map.Find(key)?.Value.Source ?? map.Source, At(key), message);

    /// <summary>Reports every key that nothing asked for.</summary>
    public void Done()
    {
        foreach (var entry in map.Entries.Where(e => !_known.Contains(e.Key)))
            problems.Add(entry.Source, At(entry.Key), Unknown("unknown key", entry.Key, _known));
    }

    private ConfigScalar? Scalar(string key)
    {
        _known.Add(key);
        switch (map.Find(key)?.Value)
        {
            case ConfigScalar { Value: "", Quoted: false } or null: return null;
            case ConfigScalar scalar: return scalar;
            case { } other:
                problems.Add(other.Source, At(key), $"must be one value, but is {other.Describe()}.");
                return null;
        }
    }

    private string At(string key)
    {
        var name = TextFormat.Shorten(key);
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    private static string Unknown(string what, string name, IReadOnlyList<string> known) => TextFormat.Nearest(name, known) is { } near
        ? $"{what}; did you mean \"{near}\"? Known here: {string.Join(", ", known)}."
        : $"{what}. Known here: {string.Join(", ", known)}.";

    private static string Whole(long min, long max) => max is int.MaxValue or long.MaxValue
        ? $"a whole number of at least {TextFormat.Count(min)}"
        : $"a whole number from {TextFormat.Count(min)} to {TextFormat.Count(max)}";
}
