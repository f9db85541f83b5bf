namespace GanPipeline.Pipelines;

/// <summary>Where a value was written: a line of a file, or a --set on the command line.</summary>
/// <param name="Name">The file as the user named it, or the text of the --set.</param>
/// <param name="Line">1-based line, or 0 where there are none.</param>
/// <param name="Folder">The folder that relative paths written here start from.</param>
internal readonly record struct Source(string Name, int Line, string Folder)
{
    public static Source CommandLine(string text) => new("--set " + text, 0, Environment.CurrentDirectory);

    public override string ToString() => Line > 0 ? $"{Name}:{Line}" : Name;
}

/// <summary>One value of a configuration, with the place it was written at.</summary>
internal abstract record ConfigNode(Source Source)
{
    /// <summary>What the value is, in words, for messages.</summary>
    public abstract string Describe();
}

internal sealed record ConfigScalar(string Value, bool Quoted, Source Source) : ConfigNode(Source)
{
    public override string Describe() => Value.Length == 0 && !Quoted ? "nothing" : $"\"{TextFormat.Shorten(Value)}\"";
}

internal sealed record ConfigList(IReadOnlyList<ConfigNode> Items, Source Source) : ConfigNode(Source)
{
    public override string Describe() => "a list";
}

/// <summary>An ordered map; each entry knows where its key was written.</summary>
internal sealed record ConfigMap(IReadOnlyList<ConfigEntry> Entries, Source Source) : ConfigNode(Source)
{
    public static ConfigMap Empty(Source source) => new([], source);

    public override string Describe() => "a map";

    public ConfigEntry? Find(string key) => Entries.FirstOrDefault(e => e.Key == key);

    /// <summary>This map with another laid over it: maps merge, everything else is replaced.</summary>
    public ConfigMap Overlay(ConfigMap over)
    {
        var entries = Entries.ToList();
        foreach (var entry in over.Entries)
        {
            var at = entries.FindIndex(e => e.Key == entry.Key);
            if (at < 0) entries.Add(entry);
            else if (entries[at].Value is ConfigMap below && entry.Value is ConfigMap above) entries[at] = entries[at] with { Value = below
                .Overlay(above) };
            else entries[at] = entry;
        }
        return this with { Entries = entries };
    }
}

internal sealed record ConfigEntry(string Key, Source Source, ConfigNode Value);
