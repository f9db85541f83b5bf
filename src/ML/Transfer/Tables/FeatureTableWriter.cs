using System.Runtime.InteropServices;
using System.Text.Json;

namespace GanPipeline.ML;

/// <summary>Writes a <see cref="FeatureTable"/> row by row into a folder beside the target, which takes its name in the end.</summary>
internal sealed class FeatureTableWriter : IDisposable
{
    private static readonly string[] Names =
        [FeatureTable.FeaturesFile, FeatureTable.LabelsFile, FeatureTable.ImagesFile, FeatureTable.InfoFile];

    private readonly string folder, temporary;
    private readonly FeatureTableInfo info;
    private readonly FileStream features;
    private readonly List<int> labels = [], images = [];

    public FeatureTableWriter(string folder, FeatureTableInfo info)
    {
        this.folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        this.info = info;
        var parent = Path.GetDirectoryName(this.folder) ?? throw new IOException($"'{folder}' names no folder for a feature table.");
        if (File.Exists(this.folder)) throw new IOException($"'{folder}' is a file; a feature table is a folder.");
        if (Directory.Exists(this.folder) && Directory.EnumerateFileSystemEntries(this.folder).FirstOrDefault(IsOther) is { } other)
            throw new IOException($"'{folder}' holds other things, as {Path.GetFileName(other)}; a table needs a folder of its own.");
        Directory.CreateDirectory(parent);
        temporary = Path.Combine(parent, $".{Path.GetFileName(this.folder)}.{Path.GetRandomFileName().AsSpan(0, 8)}.tmp");
        Directory.CreateDirectory(temporary);
        features = new FileStream(Path.Combine(temporary, FeatureTable.FeaturesFile), FileMode.CreateNew, FileAccess.Write, FileShare.None);
        features.Write(NpyFile.Header(NpyFile.Float32, 0, info.Columns));
    }

    /// <summary>Adds rows.</summary>
    /// <param name="values">[rows, columns].</param>
    /// <param name="label">Their labels, -1 for none.</param>
    /// <param name="image">Their images' indices in the data set.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<int> label, ReadOnlySpan<int> image)
    {
        features.Write(MemoryMarshal.AsBytes(values));
        labels.AddRange(label);
        images.AddRange(image);
    }

    /// <summary>Puts the table in its place; what lay there is gone.</summary>
    /// <param name="skipped">Images that could not be read.</param>
    public void Complete(int skipped)
    {
        features.Position = 0;
        features.Write(NpyFile.Header(NpyFile.Float32, labels.Count, info.Columns));
        features.Flush(flushToDisk: true);
        features.Dispose();
        Write(FeatureTable.LabelsFile, labels);
        Write(FeatureTable.ImagesFile, images);
        AtomicFile.WriteAllText(Path.Combine(temporary, FeatureTable.InfoFile),
            JsonSerializer.Serialize(info with { Skipped = skipped }, FeatureTable.Json));
        Delete(folder);
        Directory.Move(temporary, folder);
    }

    /// <summary>Removes a table, where there is one, and nothing else.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var name in Names) File.Delete(Path.Combine(folder, name));
        Directory.Delete(folder);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        features.Dispose();
        if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
    }

    private static bool IsOther(string path) => !Names.Contains(Path.GetFileName(path));

    private void Write(string name, List<int> values) => AtomicFile.Write(Path.Combine(temporary, name), stream =>
    {
        stream.Write(NpyFile.Header(NpyFile.Int32, values.Count, null));
        stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
    });
}
