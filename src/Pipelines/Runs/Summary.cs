using System.Text.Json;
using System.Text.Json.Nodes;

namespace GanPipeline.Pipelines;

/// <summary>
/// summary.json: what a run produced, by stage. Scripts read it, and the next run reads in it which stages are still good.
/// </summary>
internal sealed class Summary
{
    private const string HashKey = "hash";
    private readonly string _path;

    private Summary(string path, JsonObject json)
    {
        _path = path;
        Json = json;
    }

    public JsonObject Json { get; }

    private JsonObject Stages => Map("stages");

    /// <summary>The summary in the folder, or an empty one where there is none or it cannot be read.</summary>
    public static Summary Load(string path)
    {
        try
        {
            if (File.Exists(path) && JsonNode.Parse(File.ReadAllText(path)) is JsonObject json
                && json["stages"] is JsonObject) return new Summary(path, json);
        }
        catch (JsonException) { } // Written by something else: what it says cannot be trusted, so every stage is done again.
        return new Summary(path, new JsonObject());
    }

    /// <summary>Puts the lines at the top in the order that people read them.</summary>
    public void Describe(string pipeline, string version, JsonObject options)
    {
        var (stages, inputs, versions) = (Stages, Json["inputs"], Json["versions"]);
        Json.Clear();
        Json["pipeline"] = pipeline;
        Json["version"] = version;
        Json["stages"] = stages;
        Json["inputs"] = inputs ?? new JsonObject();
        Json["options"] = options;
        Json["versions"] = versions ?? new JsonObject();
        Version("gan", version);
        Version("dotnet", Environment.Version.ToString());
        Version("os", System.Runtime.InteropServices.RuntimeInformation.OSDescription);
    }

    /// <summary>Notes the hash of something that a stage read.</summary>
    public void Input(string name, string hash) => Map("inputs")[name] = hash;

    /// <summary>Notes the version of something that a stage used.</summary>
    public void Version(string name, string version) => Map("versions")[name] = version;

    private JsonObject Map(string name) => Json[name] as JsonObject ?? (JsonObject)(Json[name] = new JsonObject());

    public JsonObject? Stage(string name) => Stages[name] as JsonObject;

    /// <summary>A stage's metrics, or null where it has not run.</summary>
    public T? Metrics<T>(string stage) where T : class => Stage(stage) is { } json ? MetricsJson.Read<T>(json) : null;

    public string? Hash(string stage) => Stage(stage)?[HashKey] is JsonValue v && v.TryGetValue<string>(out var hash) ? hash : null;

    /// <summary>Takes a stage's metrics and returns them as they will be read back.</summary>
    public JsonObject Set(string stage, string hash, double seconds, JsonObject metrics)
    {
        // A stage that went on from earlier work says itself how long all of it took.
        if (metrics["seconds"] is not { } own) metrics.Insert(0, "seconds", Math.Round(seconds, 3));
        else
        {
            metrics.Remove("seconds");
            metrics.Insert(0, "seconds", own);
        }
        metrics[HashKey] = hash;
        // A node made of an int does not convert to long; one that was read does.
        metrics = JsonNode.Parse(metrics.ToJsonString())!.AsObject();
        Stages[stage] = metrics;
        return metrics;
    }

    public void Remove(string stage) => Stages.Remove(stage);

    public void Save() => AtomicFile.WriteAllText(_path, Pipelines.Json.Print(Json) + "\n");
}
