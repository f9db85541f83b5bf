namespace GanPipeline.Pipelines;

/// <summary>What a pipelines file says of a pipeline, its settings aside.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">gan or classifier.</param>
/// <param name="Description">A line on it.</param>
/// <param name="Data">The kind of its data.</param>
internal sealed record PipelineSummary(string Name, string Kind, string Description, string Data)
{
    /// <summary>What train.preset may name of it besides <see cref="PipelineFile.DefaultPreset"/>.</summary>
    public IReadOnlyList<string> Presets { get; init; } = [];
}

/// <summary>
/// A pipelines file, validated as a whole. A pipeline's values come from its own map, then the preset that train.preset names,
/// then --set; each later one wins.
/// </summary>
internal sealed class PipelineFile
{
    /// <summary>The preset that is a pipeline as it stands; a pipeline may still write one of this name.</summary>
    public const string DefaultPreset = "small";

    private readonly List<(ConfigEntry Entry, PipelineOptions Options)> _pipelines = [];

    private PipelineFile(string path) => Path = path;

    public string Path { get; }

    public IEnumerable<PipelineOptions> Pipelines => _pipelines.Select(p => p.Options);

    /// <summary>The file to use: the named one, else pipelines.yaml of the current folder, else the one that ships.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public static string Find(string? named)
    {
        if (named is not null) return named;
        const string name = "pipelines.yaml";
        if (File.Exists(name)) return name;
        var shipped = System.IO.Path.Combine(About.Root, name);
        if (File.Exists(shipped)) return shipped;
        throw new RequestException("There is no pipelines.yaml here. Give the file with --file.");
    }

    /// <summary>Reads and validates every pipeline in the file with every preset; throws all problems at once.</summary>
    public static PipelineFile Load(string path)
    {
        var problems = new Problems();
        return Read(path, YamlReader.ReadFile(path, problems), problems);
    }

    /// <summary>Validates what was read of a file; throws all problems at once, those of reading too.</summary>
    public static PipelineFile Read(string path, ConfigMap content, Problems problems)
    {
        var file = new PipelineFile(path);
        foreach (var (entry, map, at) in Entries(content, problems))
        {
            var options = PipelineReader.Read(entry.Key, map, at, problems);
            foreach (var preset in Presets(map, at, problems)) PipelineReader.Read(
                entry.Key,
                map.Overlay((ConfigMap)preset.Value),
                at,
                problems);
            file._pipelines.Add((entry, options));
        }
        problems.ThrowIfAny();
        return file;
    }

    /// <summary>What a file says of each of its pipelines, without a look at their settings; throws all problems at once.</summary>
    public static IReadOnlyList<PipelineSummary> Summaries(string path)
    {
        var problems = new Problems();
        var summaries = Entries(YamlReader.ReadFile(path, problems), problems)
            .Select(entry => PipelineReader.Summarize(entry.Entry.Key, entry.Map, entry.At, problems) with
            {
                Presets = [.. Presets(entry.Map, entry.At, problems).Select(preset => preset.Key)],
            })
            .ToArray();
        problems.ThrowIfAny();
        return summaries;
    }

    /// <summary>The pipelines' maps, with their entries and where they stand.</summary>
    private static List<(ConfigEntry Entry, ConfigMap Map, string At)> Entries(ConfigMap content, Problems problems)
    {
        var root = new Section(content, "", problems);
        if (!root.Has("pipelines")) root.Wrong("pipelines", "is missing: the map of pipelines, one entry each.");
        var pipelines = root.Map("pipelines");
        root.Done();
        var entries = new List<(ConfigEntry, ConfigMap, string)>();
        foreach (var entry in pipelines.Entries)
        {
            var at = "pipelines." + TextFormat.Shorten(entry.Key);
            if (!IsName(entry.Key))
                problems.Add(
                    entry.Source,
                    at,
                    "a pipeline's name names its folder too: lower-case letters, digits and hyphens, starting with a letter.");
            if (entry.Value is ConfigMap map) entries.Add((entry, map, at));
            else problems.Add(entry.Value.Source, at, $"must be a map of options, but is {entry.Value.Describe()}.");
        }
        if (root.Has("pipelines") && pipelines.Entries.Count == 0 && !problems.Any)
            problems.Add(pipelines.Source, "pipelines", "holds no pipeline.");
        return entries;
    }

    /// <summary>The named pipeline (the first where no name is given) with --set values laid over it.</summary>
    /// <param name="name">The pipeline; null for the first.</param>
    /// <param name="sets">What --set says, in order.</param>
    /// <param name="earlier">What an earlier --set said, over which these are laid; null for nothing.</param>
    /// <param name="runs">Whether it must be complete enough to run: its data are where it says.</param>
    public PipelineOptions Resolve(string? name, IReadOnlyList<string> sets, ConfigMap? earlier = null, bool runs = true)
    {
        name ??= _pipelines[0].Entry.Key;
        var found = _pipelines.FirstOrDefault(p => p.Entry.Key == name);
        if (found.Entry is null)
        {
            var names = _pipelines.Select(p => p.Entry.Key).ToArray();
            var near = TextFormat.Nearest(name, names) is { } n ? $" Did you mean {n}?" : "";
            throw new RequestException($"{Path} has no pipeline \"{TextFormat.Shorten(name)}\".{near} It has {TextFormat.List(names)}.");
        }
        var problems = new Problems();
        var at = ""; // Keys are named as --set takes them.
        var map = (ConfigMap)found.Entry.Value;
        var over = Overrides(sets, found.Entry.Source, problems);
        if (earlier is not null) over = earlier.Overlay(over);
        var chosen = map.Overlay(over);
        var preset = PipelineReader.Read(name, chosen, at, new Problems()).Preset;
        var presets = Presets(map, at, problems);
        if (presets.Find(p => p.Key == preset) is { } entry) chosen = map.Overlay((ConfigMap)entry.Value).Overlay(over);
        else if (preset != DefaultPreset)
        {
            var names = presets.Select(p => p.Key).Append(DefaultPreset).Distinct().ToArray();
            new Section(chosen, at, problems).Child("train")
                .Wrong("preset", $"\"{TextFormat.Shorten(preset)}\" is no preset of {name}, which has {TextFormat.List(names)}.");
        }
        var options = PipelineReader.Read(name, chosen, at, problems) with { Written = (chosen, over) };
        if (runs) Runnable(options, new Section(chosen, at, problems).Child("data"), problems, over);
        problems.ThrowIfAny();
        return options;
    }

    /// <summary>What a pipeline may leave open in the file, but not when it runs.</summary>
    private static void Runnable(PipelineOptions options, Section data, Problems problems, ConfigMap over)
    {
        var kind = options.Data.Kind;
        if (kind == "bricks") return;
        if (string.IsNullOrEmpty(options.Data.Path))
        {
            data.Wrong("path", $"is missing: where the {Holds(kind)}. Give --set data.path=FOLDER, or write data.path in the file.");
        }
        else if (!System.IO.Path.Exists(options.Data.Path))
        {
            data.Wrong("path", $"there is no {options.Data.Path}. Give the place where the {Holds(kind)}" +
                (over.Find("data") is null
                    ? "; a relative path starts from the file's folder."
                    : "; a relative path starts from the current folder."));
        }

        static string Holds(string kind) => kind switch
        {
            "idx" or "stacked-mnist" => "MNIST files lie (train-images-idx3-ubyte.gz and its three companions)",
            "cifar10" => "CIFAR-10's files lie, or their archive is",
            "cifar100" => "CIFAR-100's files lie, or their archive is",
            _ => "pictures lie: a folder, zip or tar of images",
        };
    }

    private static List<ConfigEntry> Presets(ConfigMap pipeline, string at, Problems problems)
    {
        var list = new List<ConfigEntry>();
        foreach (var entry in new Section(pipeline, at, problems).Map("presets").Entries)
        {
            if (entry.Value is ConfigMap map && map.Find("presets") is null) list.Add(entry);
            else problems.Add(
                entry.Source,
                $"{at}.presets.{TextFormat.Shorten(entry.Key)}".TrimStart('.'),
                "must be a map of sections like train and architecture.");
        }
        return list;
    }

    /// <summary>--set a.b=value, each as a map of its own laid over the last.</summary>
    internal static ConfigMap Overrides(
        IReadOnlyList<string> sets, Source start, Problems problems, string form = "SECTION.KEY=VALUE, for example train.steps=500")
    {
        var over = ConfigMap.Empty(start);
        foreach (var set in sets)
        {
            var source = Source.CommandLine(TextFormat.Shorten(set, 100));
            var equals = set.IndexOf('=', StringComparison.Ordinal);
            var keys = equals < 0 ? [] : set[..equals].Split('.');
            if (keys.Length is 0 or > 4 || keys.Any(string.IsNullOrWhiteSpace))
            {
                problems.Add(source, "", $"must be {form}.");
                continue;
            }
            var node = YamlReader.ReadValue(set[(equals + 1)..], source, problems);
            foreach (var key in keys.Reverse()) node = new ConfigMap([new ConfigEntry(key.Trim(), source, node)], source);
            over = over.Overlay((ConfigMap)node);
        }
        return over;
    }

    /// <summary>Whether there is a pipeline of this name.</summary>
    public bool Has(string name) => _pipelines.Exists(p => p.Entry.Key == name);

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetterLower(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
