using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using GanPipeline.Pipelines;

namespace GanPipeline.Cli;

/// <summary>
/// A folder of generated pictures. A file <c>generated.json</c>, one for each go, says which pictures are whose, so that pictures of one
/// model do not end up among those of another.
/// </summary>
internal static class GeneratedFolder
{
    private const string Prefix = "generated", Extension = ".json";

    /// <param name="Model">SHA-256 of the ONNX file.</param>
    /// <param name="Seed">The seed of the latents.</param>
    /// <param name="Labels">What was asked for, in order.</param>
    /// <param name="First">The index of the first picture.</param>
    /// <param name="Count">How many there are to be.</param>
    internal sealed record Go(string Model, long Seed, IReadOnlyList<string> Labels, long First, long Count)
    {
        public static Go Of(string modelFile, long seed, IReadOnlyList<string> labels, long first, long count)
        {
            using var file = File.OpenRead(modelFile);
            return new(Convert.ToHexStringLower(SHA256.HashData(file)), seed, labels, first, count);
        }

        public bool IsOfTheSameSet(Go other) => Model == other.Model && Seed == other.Seed && Labels.SequenceEqual(other.Labels);

        public bool Overlaps(Go other) => First < other.First + other.Count && other.First < First + Count;
    }

    /// <summary>
    /// Makes room for a go: earlier pictures of the same model, seed and labels are replaced where the indices overlap, and stay where they
    /// do not.
    /// </summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="go">What is about to be written.</param>
    /// <param name="fileName">The name of a picture by its index.</param>
    /// <exception cref="RequestException">There are pictures of something else in it.</exception>
    public static void Prepare(string folder, Go go, Func<long, string> fileName)
    {
        foreach (var manifest in Directory.Exists(folder) ? Directory.GetFiles(folder, Prefix + "*" + Extension) : [])
        {
            if (Read(manifest) is not { } earlier) continue;
            if (!earlier.IsOfTheSameSet(go))
                throw Occupied(folder, "pictures of another model, seed or label");
            if (!earlier.Overlaps(go)) continue;
            foreach (var name in Directory.GetFiles(folder, "*.png").Select(f => Path.GetFileName(f)))
                if (IsPicture(name, earlier)) File.Delete(Path.Combine(folder, name));
            File.Delete(manifest);
        }
        var pictures = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.png").Select(Path.GetFileName) : [];
        if (pictures.FirstOrDefault(name => IsPicture(name!, go)) is { } other)
            throw Occupied(folder, $"{other}, which gan generate did not write");
        Directory.CreateDirectory(folder);
        AtomicFile.WriteAllText(Path.Combine(folder, NameFrom(go.First)), JsonSerializer.Serialize(go, Json.Indented) + "\n");

        bool IsPicture(string name, Go of) =>
            IndexOf(name) is { } index && fileName(index) == name && index >= of.First && index < of.First + of.Count;
    }

    private static long? IndexOf(string name) =>
        long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : null;

    private static string NameFrom(long first) =>
        first == 0 ? Prefix + Extension : string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{first}{Extension}");

    private static Go? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Go>(File.ReadAllText(path)) is { Model: not null, Labels: not null } go ? go : null;
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            return null; // Not one of ours.
        }
    }

    private static RequestException Occupied(string folder, string what) =>
        new($"{folder} holds {what}. Give another folder with --out, or empty it first.");
}
