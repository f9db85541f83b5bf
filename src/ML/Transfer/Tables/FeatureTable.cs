using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.Win32.SafeHandles;

namespace GanPipeline.ML;

/// <summary>
/// Images as rows of features, on disk: computed once, read as often as a trainer likes. It is a data view with the columns
/// <c>Features</c> (a vector of Single) and, where the images have labels, <c>Label</c> (a key with the classes' names; missing for an
/// image without one).
/// </summary>
/// <remarks>
/// A table is a folder with <c>features.npy</c> float32 [N, F], <c>labels.npy</c> int32 [N] (-1 is none), <c>images.npy</c> int32 [N] (each
/// row's index in the data set) and <c>table.json</c>; NumPy reads the first three. Rows are held in memory where they fit under the
/// limit that the caller gives, else each cursor reads them from the file as it goes. Any number of cursors may be open, on any threads.
/// </remarks>
public sealed class FeatureTable : IDataView, IDisposable
{
    /// <summary>The column with a row's vector.</summary>
    public const string FeaturesColumn = "Features";

    /// <summary>The column with the class.</summary>
    public const string LabelColumn = "Label";

    internal const string FeaturesFile = "features.npy", LabelsFile = "labels.npy", ImagesFile = "images.npy", InfoFile = "table.json";

    internal static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly SafeFileHandle _file;
    private readonly FeatureRows _rows;
    private readonly float[][]? _memory;
    private readonly int _rowsInBlock, _stored, _first;

    private FeatureTable(string folder, FeatureTableInfo info, int count, int[] labels, int[] images, long memoryBytes)
    {
        (Folder, Info, Count, Labels, Images) = (folder, info, count, labels, images);
        _file = File.OpenHandle(Path.Combine(folder, FeaturesFile));
        _stored = info.Columns;
        _rowsInBlock = Math.Max(1, (1 << 26) / _stored);
        try
        {
            if (Bytes <= memoryBytes) _memory = ReadAll();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
        _rows = new FeatureRows(this, null);
    }

    /// <summary>Some columns of another table, whose file and memory it takes over.</summary>
    private FeatureTable(FeatureTable whole, int first, int columns)
    {
        (Folder, Info) = (whole.Folder, whole.Info with { Columns = columns });
        (Count, Labels, Images) = (whole.Count, whole.Labels, whole.Images);
        (_file, _memory, _rowsInBlock) = (whole._file, whole._memory, whole._rowsInBlock);
        (_stored, _first) = (whole._stored, whole._first + first);
        _rows = new FeatureRows(this, null);
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>What it says about itself.</summary>
    public FeatureTableInfo Info { get; }

    /// <summary>N, its rows.</summary>
    public int Count { get; }

    /// <summary>F, the values of a row.</summary>
    public int Columns => Info.Columns;

    /// <summary>Each row's label, an index into the classes' names; -1 is none.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Each row's image, an index into the data set.</summary>
    public IReadOnlyList<int> Images { get; }

    /// <summary>The size of the features.</summary>
    public long Bytes => (long)Count * Columns * sizeof(float);

    /// <summary>
    /// Some of the features, such as those of one layer (<see cref="Inference.FeatureLayer"/>). The part shares the table's file and
    /// memory: dispose one of the two, when both are not needed any more.
    /// </summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such features.</exception>
    public FeatureTable Part(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Columns - first);
        return new FeatureTable(this, first, count);
    }

    /// <summary>Whether the features lie in memory.</summary>
    public bool InMemory => _memory is not null;

    /// <summary>The memory that the features take; 0 on disk.</summary>
    internal long MemoryBytes => InMemory ? (long)Count * _stored * sizeof(float) : 0;

    /// <inheritdoc/>
    public DataViewSchema Schema => _rows.Schema;

    /// <inheritdoc/>
    public bool CanShuffle => _rows.CanShuffle;

    /// <summary>Opens a table.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="memoryBytes">The table is read into memory where it takes no more than this; 0 leaves it on disk.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such table.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static FeatureTable Open(string folder, long memoryBytes = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        if (!File.Exists(Path.Combine(folder, InfoFile)))
            throw new DirectoryNotFoundException($"There is no feature table in '{folder}': it would hold {InfoFile} and {FeaturesFile}.");
        return Find(folder, (_, _) => true, memoryBytes) ?? throw new InvalidDataException(
            $"The feature table '{folder}' is damaged: its files do not fit together. Delete the folder and make it again.");
    }

    /// <summary>The table in a folder; null where there is none, it is another one, or it is damaged.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="serves">Tells whether it is the one, by what it says about itself and by its rows' images.</param>
    /// <param name="memoryBytes">It is read into memory where it takes no more than this.</param>
    internal static FeatureTable? Find(string folder, Func<FeatureTableInfo, int[], bool> serves, long memoryBytes)
    {
        var path = Path.Combine(folder, InfoFile);
        if (!File.Exists(path)) return null;
        FeatureTableInfo? info;
        try { info = JsonSerializer.Deserialize<FeatureTableInfo>(File.ReadAllText(path), Json); }
        catch (JsonException) { return null; }
        if (info is null || info.Columns < 1) return null;
        var count = NpyFile.Rows(Path.Combine(folder, FeaturesFile), NpyHeader.Float32, info.Columns);
        if (count is not (>= 0 and <= int.MaxValue) || Integers(folder, LabelsFile, count) is not { } labels
            || Integers(folder, ImagesFile, count) is not { } images || !serves(info, images))
        {
            return null;
        }
        return new FeatureTable(folder, info, (int)count, labels, images, memoryBytes);
    }

    /// <summary>A view of some rows, in the order given.</summary>
    /// <param name="chosen">Indices of rows; one may occur more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public IDataView Select(IReadOnlyList<int> chosen)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        int[] own = [.. chosen];
        foreach (var row in own)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(chosen));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count, nameof(chosen));
        }
        return new FeatureRows(this, own);
    }

    /// <summary>One row's features.</summary>
    /// <param name="row">From 0 to <see cref="Count"/> - 1.</param>
    /// <param name="features">Receives exactly <see cref="Columns"/> values.</param>
    public void Read(int row, Span<float> features)
    {
        ObjectDisposedException.ThrowIf(_file.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        if (features.Length != Columns)
            throw new ArgumentException($"A row has {Columns} values; room for {features.Length} given.", nameof(features));
        if (_memory is null) ReadFile((long)row * _stored + _first, features);
        else _memory[row / _rowsInBlock].AsSpan(row % _rowsInBlock * _stored + _first, Columns).CopyTo(features);
    }

    /// <inheritdoc/>
    public long? GetRowCount() => Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        _rows.GetRowCursor(columnsNeeded, rand);

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        _rows.GetRowCursorSet(columnsNeeded, n, rand);

    /// <summary>Closes the file. Cursors that are still open fail at their next read.</summary>
    public void Dispose() => _file.Dispose();

    private float[][] ReadAll()
    {
        var blocks = new float[(Count + _rowsInBlock - 1) / _rowsInBlock][];
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = new float[(long)Math.Min(_rowsInBlock, Count - i * _rowsInBlock) * _stored];
            ReadFile((long)i * _rowsInBlock * _stored, blocks[i]);
        }
        return blocks;
    }

    private void ReadFile(long first, Span<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        for (var at = NpyHeader.UsualLength + first * sizeof(float); bytes.Length > 0;)
        {
            var read = RandomAccess.Read(_file, bytes, at);
            if (read == 0) throw new InvalidDataException($"The feature table '{Folder}' was cut short while it was read.");
            bytes = bytes[read..];
            at += read;
        }
    }

    private static int[]? Integers(string folder, string name, long? count)
    {
        var path = Path.Combine(folder, name);
        if (NpyFile.Rows(path, NpyHeader.Int32, null) != count) return null;
        using var stream = File.OpenRead(path);
        stream.Position = NpyHeader.UsualLength;
        var values = new int[(int)count!];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
