using GanPipeline.Pipelines;

namespace GanPipeline.Fuzzing;

/// <summary>Pipelines files and the settings of a run's folder.</summary>
internal sealed class ConfigurationTarget : FuzzTarget
{
    public override string Name => "configuration";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[]
        {
            "[", "]", "{", "}", ": ", "- ", "\n", "\n  ", "\t", "\"", "'", "|", ">", "&a", "*a", "!!int ", "? ", "---\n", "#", "%", "~",
            "null", "1e999", "-9223372036854775808", ".nan", "\0", "\u2028", "presets", "train", "data",
        }.Select(Utf8),
    ];

    public override bool IsAnswer(Exception e) => e is RequestException;

    public override void Read(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        if (name == "settings.json")
        {
            _ = RunSettings.Load(folder)!.Resolve(["train.steps=3"]);
            return;
        }
        var file = PipelineFile.Load(path);
        foreach (var pipeline in file.Pipelines.ToArray())
        {
            var options = file.Resolve(pipeline.Name, []);
            // What is remembered of a pipeline is what it was.
            RunSettings.Save(folder, options);
            var again = RunSettings.Load(folder)!.Resolve([]);
            if (again.ToJson().ToJsonString() != options.ToJson().ToJsonString())
                throw new InvalidOperationException($"The settings of {pipeline.Name} are remembered as others.");
        }
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid()
    {
        const string yaml = """
            pipelines:
              one:
                description: "A test: of brackets"
                data: { kind: bricks, size: 32, count: 64, bricks: { colors: [red, blue] } }
                architecture: { name: dcgan, filters: 4, latent-size: 8, condition: [class] }
                objective: { loss: hinge, r1: 0.5, augment: [flip, color] }
                train:
                  steps: 6 # short
                  batch-size: 8
                  learning-rate: 2e-4
                  learning-rate-decay: linear
                sample: { count: 3, grid: 4 }
                presets:
                  full: { train: { steps: 60 } }
              two:
                kind: classifier
                architecture: { reads: [form] }
                train: { epochs: 1 }
            """;
        const string settings = """
            { "set": { "train": { "seed": 4 } }, "pipelines": { "one": { "data": { "kind": "bricks", "size": 32 },
              "train": { "steps": 6, "seed": 4 }, "architecture": { "name": "dcgan", "latent-size": 8 } } } }
            """;
        return [("pipelines.yaml", Utf8(yaml)), ("settings.json", Utf8(settings))];
    }
}
