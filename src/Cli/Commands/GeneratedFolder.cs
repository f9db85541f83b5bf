using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
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
    /// <param name="Truncation">The largest value of a latent; null where there is no limit.</param>
    internal sealed record Go(string Model, long Seed, IReadOnlyList<string> Labels, long First, long Count, float? Truncation = null)
    {
        public static Go Of(string modelFile, long seed, IReadOnlyList<string> labels, long first, long count, float? truncation)
        {
            using var file = File.OpenRead(modelFile);
            return new(Convert.ToHexStringLower(SHA256.HashData(file)), seed, labels, first, count, truncation);
        }

        // By hand: a serializer that looks the record up at run time takes longer than the pictures.
        public JsonObject ToJson() => new()
        {
            [nameof(Model)] = Model,
            [nameof(Seed)] = Seed,
            [nameof(Labels)] = Json.Array(Labels),
            [nameof(First)] = First,
            [nameof(Count)] = Count,
            [nameof(Truncation)] = Truncation,
        };

        public bool IsOfTheSameSet(Go other) => Model == other.Model && Seed == other.Seed && Labels.SequenceEqual(other.Labels)
            && Truncation == other.Truncation;

        /// <summary>Whether a file is named as one of its pictures.</summary>
        public bool Has(string name, Func<long, string> fileName) =>
            long.TryParse(Path.GetFileNameWithoutExtension(name), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && index >= First && index < First + Count && fileName(index) == name;

        public bool Overlaps(Go other) => First < other.First + other.Count && other.First < First + Count;
    }

    /// <summary>Refuses to write among pictures of something else: those of the same indices, of another model, seed or label.</summary>
    /// <param name="folder">The folder, which need not exist.</param>
    /// <param name="go">What is about to be written.</param>
    /// <param name="fileName">The name of a picture by its index.</param>
    /// <exception cref="RequestException">There are such pictures in it.</exception>
    public static void Check(string folder, Go go, Func<long, string> fileName)
    {
        var earlier = Overlapping(folder, go);
        if (earlier.Any(e => !e.Go.IsOfTheSameSet(go))) throw Occupied(folder, "pictures of another model, seed, label or truncation");
        var foreign = Pictures(folder, go, fileName).FirstOrDefault(name => !earlier.Exists(e => e.Go.Has(name, fileName)));
        if (foreign is not null) throw Occupied(folder, $"{foreign}, which gan generate did not write");
    }

    /// <summary>Deletes what an earlier go of the same set wrote at the same indices, and takes note of this one.</summary>
    public static void Begin(string folder, Go go, Func<long, string> fileName)
    {
        foreach (var (manifest, earlier) in Overlapping(folder, go))
        {
            foreach (var name in Pictures(folder, earlier, fileName).ToArray()) File.Delete(Path.Combine(folder, name));
            File.Delete(manifest);
        }
        Directory.CreateDirectory(folder);
        AtomicFile.DeleteLeftovers(folder);
        AtomicFile.WriteAllText(Path.Combine(folder, NameFrom(go.First)), Json.Print(go.ToJson()) + "\n");
    }

    private static List<(string Manifest, Go Go)> Overlapping(string folder, Go go) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.GetFiles(folder, Prefix + "*" + Extension).Select(manifest => (Manifest: manifest, Go: Read(manifest)!))
            .Where(earlier => earlier.Go is not null && earlier.Go.Overlaps(go)),
    ];

    private static IEnumerable<string> Pictures(string folder, Go go, Func<long, string> fileName) => !Directory.Exists(folder) ? [] :
        Directory.EnumerateFiles(folder, "*.png").Select(file => Path.GetFileName(file)).Where(name => go.Has(name, fileName));

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
