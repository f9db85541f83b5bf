using System.Text;

namespace GanPipeline.Jobs;

/// <summary>A shard's checksums, in the form of <c>sha256sum</c>; written last, so that a shard that has one is whole.</summary>
internal static class ShardRecord
{
    private const int HashLength = 64;

    /// <summary>Whether a shard is whole.</summary>
    public static bool Exists(string folder, ShardRange shard) => File.Exists(Path.Combine(folder, shard.Record));

    public static void Write(string folder, ShardRange shard, IEnumerable<(string Name, string Hash)> files)
    {
        var text = new StringBuilder();
        foreach (var (name, hash) in files) text.Append(hash).Append("  ").Append(name).Append('\n');
        AtomicFile.WriteAllText(Path.Combine(folder, shard.Record), text.ToString());
    }

    /// <summary>A shard's files; null where it is not made.</summary>
    public static IReadOnlyList<(string Name, string Hash)>? Read(string folder, ShardRange shard)
    {
        var path = Path.Combine(folder, shard.Record);
        if (!File.Exists(path)) return null;
        return [.. File.ReadLines(path).Where(line => line.Length > HashLength + 2)
            .Select(line => (line[(HashLength + 2)..], line[..HashLength]))];
    }
}
