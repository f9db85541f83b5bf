using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using GanPipeline.Data;

namespace GanPipeline.Pipelines;

/// <summary>
/// Binds one map to option records. What is asked for is what is known: <see cref="Done"/> reports every other key with the nearest
/// name that was asked for. A value that is wrong is reported and its default kept, so that reading goes on.
/// </summary>
internal sealed class Section(ConfigMap map, string path, Problems problems)
{
    private readonly List<string> _known = [];
    private readonly HashSet<string> _wrong = [];
    private readonly List<(OptionPart Part, object Options)> _bound = [];

    /// <summary>The map as it was written.</summary>
    public ConfigMap Raw => map;

    public bool Has(string key) => map.Find(key) is not null;

    /// <summary>A record with the values of its keys; what it says is wrong with them is reported at the keys' lines.</summary>
    public T Bind<T>(OptionPart<T> part) where T : class
    {
        var options = part.New();
        Bind(options, part.Members);
        _bound.Add((part, options));
        foreach (var (member, problem) in part.Problems(options))
        {
            var keys = member.Split('.').Select(OptionMember.KeyOf).ToArray();
            // What no key sets is not the file's mistake.
            if (part.Members.Any(m => m.Key == keys[0])) Wrong(keys, problem);
        }
        return (T)options;
    }

    public string OneOf(string key, string fallback, IReadOnlyList<string> choices) =>
        Scalar(key) is { } scalar ? Choice(key, scalar, choices) ?? fallback : fallback;

    public string Text(string key, string fallback) => Scalar(key) is { } scalar ? scalar.Value : fallback;

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
                Report(key, other.Source, $"must be a map of options, but is {other.Describe()}.");
                return ConfigMap.Empty(other.Source);
        }
    }

    /// <summary>Reports a value that is wrong beside others, at the place where it (or its section) was written.</summary>
    public void Wrong(string key, string message) => Wrong([key], message);

    /// <summary>What has been bound, under its keys.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (key, value) in _bound.SelectMany(bound => bound.Part.ToJson(bound.Options))) json[key] = value?.DeepClone();
        return json;
    }

    /// <summary>Reports every key that nothing asked for.</summary>
    public void Done()
    {
        foreach (var entry in map.Entries.Where(e => !_known.Contains(e.Key)))
            problems.Add(entry.Source, At(entry.Key), Unknown("unknown key", entry.Key, _known));
    }

    private void Bind(object options, IEnumerable<OptionMember> members)
    {
        foreach (var member in members)
        {
            if (Value(member, options) is not { } value) continue;
            try
            {
                member.Property.SetValue(options, value);
            }
            catch (TargetInvocationException e) when (e.InnerException is ArgumentException refused)
            {
                Wrong(member.Key, refused.Message.Split(" (Parameter")[0]);
            }
        }
    }

    /// <summary>The value that a key gives a member; null where it gives none, or a wrong one, which is reported.</summary>
    private object? Value(OptionMember member, object options)
    {
        var (key, type) = (member.Key, member.Type);
        if (member.IsNested) return Nested(member, options);
        if (member.IsFlags) return Flags(member);
        if (type == typeof(IReadOnlyList<string>)) return Texts(key);
        if (type == typeof(IReadOnlyList<double>)) return List(key, Number, "a number");
        if (type == typeof(IReadOnlyList<int>)) return List(key, Whole, "a whole number");
        if (type == typeof(NumberRange)) return Range(key, (NumberRange)member.Property.GetValue(options)!);
        if (Scalar(key) is not { } scalar || (member.IsAutomatic && scalar.Value == OptionMember.Automatic)) return null;
        if (member.IsPath) return FullPath(key, scalar);
        if (type == typeof(bool)) return scalar.Value is "true" or "false" ? scalar.Value == "true" : Refused(key, scalar, "true or false");
        if (member.Choices is { } choices)
            return Choice(key, scalar, choices) is { } choice ? type.IsEnum ? member.Parse(choice) : choice : null;
        if (type == typeof(string)) return scalar.Value;
        if (type == typeof(double)) return Number(scalar.Value) ?? Refused(key, scalar, "a number");
        return !long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? Refused(key, scalar, member.IsAutomatic ? $"a whole number or {OptionMember.Automatic}" : "a whole number")
            : type == typeof(long) ? whole
            : whole is >= int.MinValue and <= int.MaxValue ? (int)whole
            : Refused(key, scalar, $"a whole number of at most {TextFormat.Count(int.MaxValue)}");
    }

    private object? Nested(OptionMember member, object options)
    {
        if (!Has(member.Key))
        {
            _known.Add(member.Key);
            return null;
        }
        var child = Child(member.Key);
        // A record with init accessors is copied by its own clone, so that the defaults stay as they are.
        var nested = member.Type.GetMethod("<Clone>$")!.Invoke(member.Property.GetValue(options), [])!;
        child.Bind(nested, OptionMember.Of(member.Type, []));
        child.Done();
        _wrong.UnionWith(child._wrong.Select(key => $"{member.Key}.{key}"));
        return nested;
    }

    private object? Flags(OptionMember member)
    {
        if (Texts(member.Key) is not { } names) return null;
        long flags = 0;
        foreach (var name in names)
        {
            if (member.Choices!.Contains(name)) flags |= Convert.ToInt64(member.Parse(name), CultureInfo.InvariantCulture);
            else Wrong(member.Key, $"there is no \"{TextFormat.Shorten(name)}\"; there are {TextFormat.List(member.Choices!)}.");
        }
        return Enum.ToObject(member.Type, flags);
    }

    /// <summary>Two numbers, [from, to], or one that is both; which ranges are right is the record's to say.</summary>
    private NumberRange? Range(string key, NumberRange example)
    {
        _known.Add(key);
        ConfigNode[] ends = map.Find(key)?.Value switch
        {
            null or ConfigScalar { Value: "", Quoted: false } => [],
            ConfigScalar one => [one, one],
            ConfigList { Items.Count: 2 } two => [.. two.Items],
            { } other => [other],
        };
        if (ends.Length == 0) return null;
        var numbers = ends.OfType<ConfigScalar>().Select(end => Number(end.Value)).OfType<double>().ToArray();
        if (numbers.Length == 2) return new NumberRange(numbers[0], numbers[1]);
        Report(key, ends[0].Source, string.Create(CultureInfo.InvariantCulture,
            $"must be a number or two, [from, to], as in {key}: [{example.From}, {example.To}]."));
        return null;
    }

    /// <summary>A path as an absolute one: relative to the file it was written in, or to the current folder for --set.</summary>
    private string? FullPath(string key, ConfigScalar scalar)
    {
        if (scalar.Value.Length == 0) return null;
        if (!scalar.Value.Contains('\0', StringComparison.Ordinal))
            return Path.GetFullPath(Path.Combine(scalar.Source.Folder, scalar.Value));
        Report(key, scalar.Source, "a path cannot hold a NUL character.");
        return null;
    }

    private IReadOnlyList<string>? Texts(string key)
    {
        _known.Add(key);
        switch (map.Find(key)?.Value)
        {
            case null: return null;
            case ConfigScalar { Value: "", Quoted: false }: return [];
            case ConfigScalar one: return [.. one.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
            case ConfigList list when list.Items.All(i => i is ConfigScalar): return [.. list.Items.Select(i => ((ConfigScalar)i).Value)];
            case { } other:
                Report(key, other.Source, $"must be a list of names like [a, b], but is {other.Describe()}.");
                return null;
        }
    }

    /// <summary>Numbers in a list, or one by itself.</summary>
    private List<T>? List<T>(string key, Func<string, T?> read, string what) where T : struct
    {
        if (Texts(key) is not { } texts) return null;
        List<T> numbers = [];
        foreach (var text in texts)
        {
            if (read(text) is { } number) numbers.Add(number);
            else Wrong(key, $"\"{TextFormat.Shorten(text)}\" is not {what}.");
        }
        return numbers;
    }

    private static int? Whole(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    private string? Choice(string key, ConfigScalar scalar, IReadOnlyList<string> choices)
    {
        if (choices.Contains(scalar.Value)) return scalar.Value;
        Report(key, scalar.Source, Unknown(scalar.Describe(), scalar.Value, choices));
        return null;
    }

    private object? Refused(string key, ConfigScalar scalar, string what)
    {
        Report(key, scalar.Source, $"{scalar.Describe()} is not {what}.");
        return null;
    }

    private ConfigScalar? Scalar(string key)
    {
        _known.Add(key);
        switch (map.Find(key)?.Value)
        {
            case ConfigScalar { Value: "", Quoted: false } or null: return null;
            case ConfigScalar scalar: return scalar;
            case { } other:
                Report(key, other.Source, $"must be one value, but is {other.Describe()}.");
                return null;
        }
    }

    /// <summary>
    /// Reports a problem of a key, or of one in a map below it, at the nearest place that was written. One problem a key is enough.
    /// </summary>
    private void Wrong(string[] keys, string message)
    {
        var (source, entries) = (map.Source, map);
        foreach (var key in keys)
        {
            if (entries?.Find(key) is not { } entry) break;
            (source, entries) = (entry.Value.Source, entry.Value as ConfigMap);
        }
        Report(string.Join('.', keys), source, message.EndsWith('.') ? message : message + ".");
    }

    private void Report(string key, Source source, string message)
    {
        if (_wrong.Add(key)) problems.Add(source, At(key), message);
    }

    private string At(string key)
    {
        var name = TextFormat.Shorten(key);
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    private static string Unknown(string what, string name, IReadOnlyList<string> known) => TextFormat.Nearest(name, known) is { } near
        ? $"{what}; did you mean \"{near}\"? Known here: {string.Join(", ", known)}."
        : $"{what}. Known here: {string.Join(", ", known)}.";
}
