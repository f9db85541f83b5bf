using Microsoft.Win32.SafeHandles;

namespace GanPipeline.Data;

/// <summary>
/// CIFAR-10 in its binary form (Krizhevsky 2009): records of one byte of label and 3 x 32 x 32 bytes of picture, in five files to train on
/// and one to test with. They are read in place; the operating system caches them.
/// </summary>
internal sealed class Cifar10Pictures : IRawPictures
{
    private const int RecordSize = 1 + 3 * 32 * 32;
    private const string NamesFile = "batches.meta.txt";
    private static readonly string[] _trainingFiles = ["data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
        "data_batch_5.bin"];
    private static readonly string[] _testFiles = ["test_batch.bin"];
    private static readonly string[] _usualNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship",
        "truck"];

    private readonly List<(SafeFileHandle File, int Count)> _files = [];
    private readonly byte[] _labels;

    private Cifar10Pictures(string folder, string split, CancellationToken cancellationToken)
    {
        try
        {
            Classes = ReadNames(folder);
            using var fingerprint = new FingerprintBuilder();
            foreach (var name in split switch { "train" => _trainingFiles, "test" => _testFiles, _ => [.. _trainingFiles, .. _testFiles] })
            {
                var path = Path.Combine(folder, name);
                if (!File.Exists(path)) throw new DataSetException($"CIFAR-10's file {name} is missing in {folder}.");
                var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
                var length = RandomAccess.GetLength(file);
                _files.Add((file, (int)(length / RecordSize)));
                if (length == 0 || length % RecordSize != 0)
                {
                    throw new DataSetException(
                        $"{path} is cut short or not CIFAR-10's: it has {length} bytes, which is not a whole number of records of " +
                            $"{RecordSize}" +
                        $" (whole, it has {10_000 * RecordSize}).");
                }
                fingerprint.Add(name).Add(length).Add(File.GetLastWriteTimeUtc(path).Ticks);
            }
            Count = _files.Sum(f => f.Count);
            _labels = ReadLabels(folder, cancellationToken);
            Fingerprint = fingerprint.Finish();
        }
        catch (Exception e)
        {
            Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new DataSetException($"CIFAR-10 in {folder} cannot be read: {e.Message}", e);
            throw;
        }
    }

    public string Name => "cifar10";
    public int Count { get; }
    public ImageShape Shape => new(3, 32, 32);
    public IReadOnlyList<string> Classes { get; }
    public string Fingerprint { get; }

    /// <summary>Whether a folder, or the folder its archive unpacks to within it, holds the binary form; then which.</summary>
    public static string? FindFolder(string path) =>
        new[] { path, Path.Combine(path, "cifar-10-batches-bin") }
            .FirstOrDefault(folder => _trainingFiles.Concat(_testFiles).Any(f => File.Exists(Path.Combine(folder, f))));

    /// <exception cref="DataSetException">A file is missing or damaged.</exception>
    public static Cifar10Pictures Open(string folder, string split, CancellationToken cancellationToken) =>
        new(folder, split, cancellationToken);

    public int Label(int index) => _labels[index];

    public void Read(int index, Span<byte> pixels)
    {
        var (file, record) = Locate(index);
        RandomAccessReading.ReadExactly(file, (long)record * RecordSize + 1, pixels[..Shape.Size]);
    }

    public void Dispose()
    {
        foreach (var (file, _) in _files) file.Dispose();
    }

    private (SafeFileHandle File, int Record) Locate(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var at = 0;
        while (index >= _files[at].Count) index -= _files[at++].Count;
        return (_files[at].File, index);
    }

    private byte[] ReadLabels(string folder, CancellationToken cancellationToken)
    {
        var labels = new byte[Count];
        var at = 0;
        foreach (var (file, count) in _files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var whole = new byte[count * RecordSize];
            RandomAccessReading.ReadExactly(file, 0, whole);
            for (var i = 0; i < count; i++, at++)
            {
                labels[at] = whole[i * RecordSize];
                if (labels[at] >= Classes.Count)
                    throw new DataSetException($"In {folder}, picture {at} has the label {labels[at]}, but there are {Classes.Count} " +
                        "classes.");
            }
        }
        return labels;
    }

    private static string[] ReadNames(string folder)
    {
        var path = Path.Combine(folder, NamesFile);
        if (!File.Exists(path)) return _usualNames;
        string[] names = [.. File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length == _usualNames.Length && names.Distinct().Count() == names.Length
            ? names
            : throw new DataSetException($"{path} must name {_usualNames.Length} different classes, one a line, but names {names.Length}.");
    }
}
