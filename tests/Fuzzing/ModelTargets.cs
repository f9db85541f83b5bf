using System.Security.Cryptography;
using System.Text.Json.Nodes;
using GanPipeline.Export;
using GanPipeline.Inference;
using GanPipeline.Training;

namespace GanPipeline.Fuzzing;

/// <summary>ONNX files, opened and run as generators, features and classifiers.</summary>
internal sealed class ModelTarget : FuzzTarget
{
    public override string Name => "models";

    public override IReadOnlyList<byte[]> Tokens { get; } =
    [
        .. new[] { "ConvTranspose", "Conv", "group", "pads", "strides", "dilations", "kernel_shape", "Resize", "Reshape" }.Select(Utf8),
    ];

    public override bool IsAnswer(Exception e) => e is ModelException;

    public override void Read(string folder, string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        if (name.StartsWith("generator", StringComparison.Ordinal))
        {
            using var generator = GeneratorModel.Load(path);
            _ = generator.Sample(2, 1);
            return;
        }
        using var features = FeatureModel.Load(path);
        _ = features.Extract(new ImageTensor(2, features.Channels, features.Height, features.Width));
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid()
    {
        var folder = Directory.CreateTempSubdirectory("gan-fuzz-").FullName;
        try
        {
            var shape = new ImageShape(1, 16, 16);
            using var plain = Architectures.Create(new() { Name = "dcgan", Shape = shape, LatentSize = 4, Filters = 2 });
            using var dense = Architectures.Create(new() { Name = "dense", Shape = shape, LatentSize = 2, Filters = 2 });
            using var resizing = Architectures.Create(new() { Name = "upsampling", Shape = shape, LatentSize = 4, Filters = 2 });
            List<(string, byte[])> files = [];
            foreach (var (networks, i) in new[] { plain, dense, resizing }.Select((n, i) => (n, i)))
            {
                var path = Path.Combine(folder, $"generator{i}.onnx");
                networks.Generator.eval();
                GanExporter.ExportGenerator(networks.Generator, networks.LatentSize, path);
                // Larger ones are the same graph with more weights.
                if (new FileInfo(path).Length < 100_000) files.Add((Path.GetFileName(path), File.ReadAllBytes(path)));
            }
            plain.Discriminator.eval();
            var features = Path.Combine(folder, "features.onnx");
            GanExporter.ExportFeatures(plain.Discriminator, 1, 16, 16, features);
            files.Add(("features.onnx", File.ReadAllBytes(features)));
            return files;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A training's checkpoint: its JSON file, or its weights with a JSON file that fits them.</summary>
internal sealed class CheckpointTarget : FuzzTarget
{
    private const string Info = "checkpoint.json", Weights = "weights.safetensors";

    private Dictionary<string, byte[]>? _valid;

    public override string Name => "checkpoints";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "null", "-1", "1e400", "9223372036854775807", "{", "}", "[]", "\"F32\"", "\"I64\"", "\"shape\":[", "\"" }.Select(Utf8)];

    public override bool IsAnswer(Exception e) => e is CheckpointException;

    public override void Read(string folder, string name, byte[] bytes)
    {
        var checkpoint = Directory.CreateDirectory(Path.Combine(folder, "step-0000000000")).FullName;
        var info = name == Info ? bytes : Fitting(bytes);
        File.WriteAllBytes(Path.Combine(checkpoint, Info), info);
        File.WriteAllBytes(Path.Combine(checkpoint, Weights), name == Weights ? bytes : Made()[Weights]);
        Checkpoint.LoadNetworks(checkpoint).Dispose();
    }

    protected override IEnumerable<(string Name, byte[] Bytes)> Valid() => Made().Select(f => (f.Key, f.Value));

    /// <summary>The JSON file with the size and hash of other weights, so that they are read.</summary>
    private byte[] Fitting(byte[] weights)
    {
        var info = JsonNode.Parse(Made()[Info])!;
        info["weightsSize"] = weights.Length;
        info["weightsHash"] = Convert.ToHexStringLower(SHA256.HashData(weights));
        return Utf8(info.ToJsonString());
    }

    private Dictionary<string, byte[]> Made()
    {
        if (_valid is not null) return _valid;
        var folder = Directory.CreateTempSubdirectory("gan-fuzz-").FullName;
        try
        {
            using var networks = Architectures.Create(
                new() { Name = "dcgan", Shape = new ImageShape(1, 16, 16), LatentSize = 4, Filters = 2 });
            using var source = Data.DataSets.Open(new() { Kind = "bricks", Size = 16, Count = 8 });
            var options = new TrainingOptions { Folder = folder, Steps = 0, BatchSize = 4, SampleEvery = 0, Device = "cpu" };
            var result = new Trainer(networks, source, options).Run();
            return _valid = new[] { Info, Weights }.ToDictionary(n => n, n => File.ReadAllBytes(Path.Combine(result.Checkpoint, n)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
