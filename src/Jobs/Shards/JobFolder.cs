using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace GanPipeline.Jobs;

/// <summary>A job's folder, which holds its manifest, <c>job.json</c>, the same for all parts of the job and written by each.</summary>
internal static class JobFolder
{
    public const string Manifest = "job.json";

    /// <summary>Makes the folder one of this job, and of no other.</summary>
    /// <param name="folder">New, or one of this job.</param>
    /// <param name="manifest">What the job is; its members are compared with those that are there.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="free">A member that may differ, as the name of a file that may have been renamed.</param>
    /// <exception cref="JobException">It holds another job, or things that no job wrote.</exception>
    /// <exception cref="InvalidDataException">Its manifest is damaged.</exception>
    public static void Enter<T>(string folder, T manifest, JsonTypeInfo<T> type, params string[] free)
    {
        Directory.CreateDirectory(folder);
        // Of processes that were killed.
        AtomicFile.DeleteLeftovers(folder);
        // Looked at before the manifest, which a job writes first: other parts may begin at the same time.
        var there = Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).FirstOrDefault(name => name![0] != '.');
        if (Read(folder) is not { } document)
        {
            if (there is not null)
                throw new JobException($"'{folder}' holds {there}, which no job wrote. Take another folder, or empty it first.");
            var text = JsonSerializer.Serialize(manifest, type).ReplaceLineEndings("\n");
            AtomicFile.WriteAllText(Path.Combine(folder, Manifest), text + "\n");
            return;
        }
        using var other = document;
        using var mine = JsonSerializer.SerializeToDocument(manifest, type);
        string[] differences = [.. Differences(other.RootElement, mine.RootElement, free)];
        if (differences.Length > 0)
            throw new JobException($"'{folder}' is of another job: {string.Join("; ", differences)}. Take another folder.");
    }

    /// <summary>How a folder's job is divided; null where there is none.</summary>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    public static ShardPlan? Plan(string folder)
    {
        using var document = Read(folder);
        if (document is null) return null;
        return document.RootElement.TryGetProperty("total", out var total) && total.TryGetInt64(out var images) && images > 0
            && document.RootElement.TryGetProperty("shardSize", out var size) && size.TryGetInt32(out var shardSize) && shardSize > 0
            ? new ShardPlan(images, shardSize)
            : throw new InvalidDataException($"'{Path.Combine(folder, Manifest)}' is damaged: it says no total and no shardSize.");
    }

    /// <summary>SHA-256 of a file, in hexadecimal.</summary>
    public static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static JsonDocument? Read(string folder)
    {
        var path = Path.Combine(folder, Manifest);
        if (!File.Exists(path)) return null;
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
            throw new InvalidDataException($"'{path}' is damaged: it holds no object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is damaged: {e.Message}", e);
        }
    }

    /// <summary>Names of members and both values.</summary>
    private static IEnumerable<string> Differences(JsonElement there, JsonElement here, string[] free)
    {
        var names = there.EnumerateObject().Concat(here.EnumerateObject()).Select(member => member.Name).Distinct().Except(free);
        foreach (var name in names)
        {
            var (old, own) = (Text(there, name), Text(here, name));
            if (old != own) yield return $"{name} {Short(old)} there, {Short(own)} here";
        }

        static string Text(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? "none"
            : string.Join("", value.GetRawText().Split('\n', StringSplitOptions.TrimEntries));

        static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";
    }
}
