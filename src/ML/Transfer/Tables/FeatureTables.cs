using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.ML;

/// <summary>Makes feature tables of a data set's images.</summary>
public static class FeatureTables
{
    /// <summary>Changes when the same inputs would give other numbers than before.</summary>
    private const string Version = "1";

    private const int Batch = 128;

    /// <summary>
    /// The features of images, from the table in the folder where that holds them, else computed in batches and written
    /// there.
    /// </summary>
    /// <param name="folder">The table's folder. What lies there and is another table is replaced; see
    /// <see cref="FeatureTableOptions.AllowMoreImages"/>.</param>
    /// <param name="source">The images, of the model's size and channels.</param>
    /// <param name="images">Which of them, by index; null is all. Those that cannot be read are left out and counted.</param>
    /// <param name="modelFile">The features' model, an ONNX file with the input <c>image</c> and the output <c>features</c>; null takes the
    /// pixels themselves, in [-1, 1].</param>
    /// <param name="options">Memory, threads and device; null is all defaults.</param>
    /// <param name="progress">Is told how many images are done.</param>
    /// <param name="stop">Ends the work; nothing of it stays.</param>
    /// <exception cref="ModelException">No such model, or one of images of another size or number of channels.</exception>
    /// <exception cref="DataSetException">None of the images can be read.</exception>
    /// <exception cref="IOException">The table cannot be written: less free space than it needs, or other things in the folder.</exception>
    public static FeatureTable Make(string folder, IImageSource source, IReadOnlyList<int>? images, string? modelFile,
        FeatureTableOptions? options = null, Action<int>? progress = null, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(source);
        options ??= new FeatureTableOptions();
        var isWhole = images is null;
        images ??= [.. Enumerable.Range(0, source.Count)];
        var sourceKey = SourceKey(source, modelFile);
        var key = Key(sourceKey, images);
        if (FeatureTable.Find(folder, Serves, options.MemoryBytes) is { } found) return found;

        using var model = modelFile is null ? null : FeatureModel.Load(modelFile, options: options.Model with { BatchSize = Batch });
        if (model is not null) RequireFit(model, modelFile!, source);
        var info = new FeatureTableInfo
        {
            Key = key,
            SourceKey = sourceKey,
            IsWhole = isWhole,
            Columns = model?.FeatureCount ?? source.Shape.Size,
            Classes = source.Classes,
            Content = modelFile is null ? "pixels" : Path.GetFileName(modelFile),
            DataSet = source.Name,
        };
        RequireSpace(folder, (long)images.Count * info.Columns * sizeof(float));
        using (var writer = new FeatureTableWriter(folder, info))
        {
            var written = Write(writer, source, images, model, progress, stop);
            if (written == 0) throw new DataSetException($"None of the {images.Count} images of {source.Name} can be used.");
            writer.Complete(images.Count - written);
        }
        return FeatureTable.Find(folder, Serves, options.MemoryBytes)
            ?? throw new IOException($"The feature table '{folder}' was changed while it was made.");

        bool Serves(FeatureTableInfo info, int[] held) => info.Key == key
            || (options.AllowMoreImages && info.SourceKey == sourceKey && (info.IsWhole || !images.Except(held).Any()));
    }

    /// <summary>Removes a table, where there is one.</summary>
    /// <exception cref="IOException">The folder holds other things as well, which stay.</exception>
    public static void Delete(string folder) => FeatureTableWriter.Delete(folder);

    /// <summary>A model for other images than the data's names both.</summary>
    /// <exception cref="ModelException">It is one.</exception>
    public static void RequireFit(FeatureModel model, string file, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        var takes = new ImageShape(model.Channels, model.Height, model.Width);
        if (takes != source.Shape)
        {
            throw new ModelException($"The model '{file}' reads images of {Describe(takes)}, " +
                $"but those of {source.Name} are {Describe(source.Shape)}.");
        }
    }

    private static string Describe(ImageShape s) =>
        $"{s.Width} x {s.Height} pixels in {(s.Channels == 1 ? "1 channel (gray)" : $"{s.Channels} channels")}";

    private static int Write(FeatureTableWriter writer, IImageSource source, IReadOnlyList<int> images, FeatureModel? model,
        Action<int>? progress, CancellationToken stop)
    {
        var size = source.Shape.Size;
        var pixels = new float[Batch * size];
        var features = model is null ? pixels : new float[Batch * model.FeatureCount];
        var written = 0;
        for (var first = 0; first < images.Count; first += Batch)
        {
            stop.ThrowIfCancellationRequested();
            var count = Math.Min(Batch, images.Count - first);
            var good = source.ReadUsable([.. images.Skip(first).Take(count)], pixels, stop);
            model?.Extract(pixels.AsSpan(0, good.Length * size), features.AsSpan(0, good.Length * model.FeatureCount), stop);
            writer.Add(features.AsSpan(0, good.Length * (features.Length / Batch)), [.. good.Select(source.Label)], good);
            written += good.Length;
            progress?.Invoke(first + count);
        }
        return written;
    }

    /// <summary>Equal keys, equal tables: the source's key, and the choice of images.</summary>
    private static string Key(string sourceKey, IReadOnlyList<int> images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(sourceKey));
        hash.AppendData([.. images.SelectMany(BitConverter.GetBytes)]);
        return Text(hash);
    }

    /// <summary>Equal keys, equal features of each image: the model's bytes, the data's fingerprint and labels.</summary>
    private static string SourceKey(IImageSource source, string? modelFile)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(Version);
        Add(source.Fingerprint);
        Add($"{source.Shape}");
        foreach (var name in source.Classes) Add(name);
        if (modelFile is not null && File.Exists(modelFile)) hash.AppendData(SHA256.HashData(File.ReadAllBytes(modelFile)));
        return Text(hash);
    }

    private static string Text(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset())[..32];

    private static void RequireSpace(string folder, long bytes)
    {
        var at = Path.GetFullPath(folder);
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } parent) at = parent;
        long free;
        try { free = new DriveInfo(at).AvailableFreeSpace; }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return; // Not every file system tells.
        }
        if (free < bytes)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"The feature table '{folder}' needs {bytes / 1e9:0.0} GB, but its disk has {free / 1e9:0.0} GB free. Take another."));
        }
    }
}
