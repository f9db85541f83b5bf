using System.Runtime.InteropServices;
using System.Text.Json;

namespace GanPipeline.ML;

/// <summary>Writes a <see cref="FeatureTable"/> row by row into a folder beside the target, which takes its name in the end.</summary>
internal sealed class FeatureTableWriter : IDisposable
{
    private static readonly string[] _names =
        [FeatureTable.FeaturesFile, FeatureTable.LabelsFile, FeatureTable.ImagesFile, FeatureTable.InfoFile];

    private readonly string _folder, _temporary;
    private readonly FeatureTableInfo _info;
    private readonly FileStream _features;
    private readonly List<int> _labels = [], _images = [];

    public FeatureTableWriter(string folder, FeatureTableInfo info)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _info = info;
        var parent = Path.GetDirectoryName(_folder) ?? throw new IOException($"'{folder}' names no folder for a feature table.");
        if (File.Exists(_folder)) throw new IOException($"'{folder}' is a file; a feature table is a folder.");
        if (Directory.Exists(_folder) && Directory.EnumerateFileSystemEntries(_folder).FirstOrDefault(IsOther) is { } other)
            throw new IOException($"'{folder}' holds other things, as {Path.GetFileName(other)}; a table needs a folder of its own.");
        Directory.CreateDirectory(parent);
        _temporary = Path.Combine(parent, $".{Path.GetFileName(_folder)}.{Path.GetRandomFileName().AsSpan(0, 8)}.tmp");
        Directory.CreateDirectory(_temporary);
        _features = new FileStream(Path.Combine(_temporary, FeatureTable.FeaturesFile), FileMode.CreateNew, FileAccess.Write,
            FileShare.None);
        _features.Write(NpyFile.Header(NpyHeader.Float32, 0, info.Columns));
    }

    /// <summary>Adds rows.</summary>
    /// <param name="values">[rows, columns].</param>
    /// <param name="label">Their labels, -1 for none.</param>
    /// <param name="image">Their images' indices in the data set.</param>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<int> label, ReadOnlySpan<int> image)
    {
        _features.Write(MemoryMarshal.AsBytes(values));
        _labels.AddRange(label);
        _images.AddRange(image);
    }

    /// <summary>Puts the table in its place; what lay there is gone.</summary>
    /// <param name="skipped">Images that could not be read.</param>
    public void Complete(int skipped)
    {
        _features.Position = 0;
        _features.Write(NpyFile.Header(NpyHeader.Float32, _labels.Count, _info.Columns));
        _features.Flush(flushToDisk: true);
        _features.Dispose();
        Write(FeatureTable.LabelsFile, _labels);
        Write(FeatureTable.ImagesFile, _images);
        AtomicFile.WriteAllText(Path.Combine(_temporary, FeatureTable.InfoFile),
            JsonSerializer.Serialize(_info with { Skipped = skipped }, FeatureTable.Json));
        Delete(_folder);
        Directory.Move(_temporary, _folder);
    }

    /// <summary>Removes a table, where there is one, and nothing else.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var name in _names) File.Delete(Path.Combine(folder, name));
        Directory.Delete(folder);
    }

    /// <summary>Removes what was not completed.</summary>
    public void Dispose()
    {
        _features.Dispose();
        if (Directory.Exists(_temporary)) Directory.Delete(_temporary, recursive: true);
    }

    private static bool IsOther(string path) => !_names.Contains(Path.GetFileName(path));

    private void Write(string name, List<int> values) => AtomicFile.Write(Path.Combine(_temporary, name), stream =>
    {
        stream.Write(NpyFile.Header(NpyHeader.Int32, values.Count, null));
        stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
    });
}
