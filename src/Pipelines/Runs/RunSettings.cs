using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>
/// settings.json: the settings that a run's folder was last run with. Every later command on the folder uses them, so that nothing has
/// to be said twice. It holds the pipeline as it was resolved, a pipelines file by itself, and which of the values came from --set.
/// </summary>
internal sealed class RunSettings
{
    public const string Name = "settings.json";

    private readonly ConfigMap _sets;
    private readonly PipelineFile _file;

    private RunSettings(PipelineFile file, ConfigMap sets) => (_file, _sets) = (file, sets);

    /// <summary>The pipeline whose run it is.</summary>
    public string Pipeline => _file.Pipelines.First().Name;

    /// <summary>Whether the folder is a run's that has remembered its settings.</summary>
    public static bool Exist(string folder) => File.Exists(Path.Combine(folder, Name));

    /// <summary>The settings of a run's folder, or null where it has none.</summary>
    /// <exception cref="RequestException">They cannot be read.</exception>
    public static RunSettings? Load(string folder)
    {
        if (!Exist(folder)) return null;
        var path = Path.Combine(folder, Name);
        try
        {
            var problems = new Problems();
            var root = YamlReader.ReadFile(path, problems);
            var sets = root.Find("set")?.Value as ConfigMap ?? ConfigMap.Empty(root.Source);
            var file = PipelineFile.Read(path, root with { Entries = [.. root.Entries.Where(e => e.Key != "set")] }, problems);
            return new RunSettings(file, sets);
        }
        catch (RequestException e)
        {
            throw new RequestException([.. e.Problems.Count > 0 ? e.Problems : [e.Message],
                $"{path} is where the run keeps its settings. Delete it, and name the pipeline and all settings once more."]);
        }
    }

    /// <summary>The run's pipeline as it was, with further --set values laid over it.</summary>
    public PipelineOptions Resolve(IReadOnlyList<string> sets, bool runs = true)
    {
        var options = _file.Resolve(null, sets, runs: runs);
        return options with { Written = options.Written with { Sets = _sets.Overlay(options.Written.Sets) } };
    }

    /// <summary>The pipeline of a file, with the values that were once --set for this run, and further ones.</summary>
    public PipelineOptions Resolve(PipelineFile file, IReadOnlyList<string> sets, bool runs = true) =>
        file.Resolve(Pipeline, sets, _sets, runs);

    /// <summary>Those of the remembered --set values that no further one replaces, as --set takes them.</summary>
    public IReadOnlyList<string> Remembered(IReadOnlyList<string> sets)
    {
        var replaced = sets.Select(s => s.Split('=')[0].Trim()).ToHashSet();
        return [.. Leaves(_sets, "").Where(leaf => !replaced.Contains(leaf.Split('=')[0]))];
    }

    /// <summary>The --set values that a run's settings were made with, as --set takes them.</summary>
    public static IReadOnlyList<string> Sets(PipelineOptions options) => [.. Leaves(options.Written.Sets, "")];

    /// <summary>Remembers what a run uses.</summary>
    public static void Save(string folder, PipelineOptions options)
    {
        var values = options.ToJson();
        values["description"] = options.Description;
        values["report"] = options.ToJson("report");
        var pipeline = Values(options.Written.Pipeline, values);
        // The values of the preset stand in the pipeline itself.
        pipeline.Remove("presets");
        (pipeline["train"] as JsonObject)?.Remove("preset");
        var text = Json.Print(new JsonObject
        {
            ["set"] = Values(options.Written.Sets, values),
            ["pipelines"] = new JsonObject { [options.Name] = pipeline },
        }) + "\n";
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path) || File.ReadAllText(path) != text) AtomicFile.WriteAllText(path, text);
    }

    /// <summary>What a map says, in the values that were bound: paths are absolute there.</summary>
    private static JsonObject Values(ConfigMap map, JsonObject? bound) =>
        new(map.Entries.Select(e => KeyValuePair.Create(e.Key, e.Value switch
        {
            ConfigMap below => Values(below, bound?[e.Key] as JsonObject),
            var value => bound?[e.Key]?.DeepClone() ?? Plain(value),
        })));

    private static JsonNode? Plain(ConfigNode node) => node switch
    {
        ConfigScalar scalar => JsonValue.Create(scalar.Value),
        ConfigList list => new JsonArray([.. list.Items.Select(Plain)]),
        _ => Values((ConfigMap)node, null),
    };

    private static IEnumerable<string> Leaves(ConfigMap map, string path) => map.Entries.SelectMany(e => e.Value switch
    {
        ConfigMap below => Leaves(below, path + e.Key + "."),
        ConfigList list => [$"{path}{e.Key}=[{string.Join(", ", list.Items.OfType<ConfigScalar>().Select(i => i.Value))}]"],
        var value => [$"{path}{e.Key}={((ConfigScalar)value).Value}"],
    });
}
