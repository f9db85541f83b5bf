using System.IO.Compression;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// What <c>torch.save</c> writes since PyTorch 1.6: a zip archive, not compressed, of a pickle and a file for each storage.
/// </summary>
internal sealed class TorchArchive : TorchFile
{
    private readonly Dictionary<string, ZipArchiveEntry> _entries = [];
    private readonly string _folder;
    private readonly long _fileLength;
    private (string? Key, Stream? Stream, long At) _open;

    /// <exception cref="InvalidDataException">The file is damaged, or holds something else.</exception>
    public TorchArchive(FileStream stream, WeightOptions options) : base(stream)
    {
        _fileLength = stream.Length;
        var archive = Guarded(() => new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true));
        foreach (var entry in Guarded(() => archive.Entries))
        {
            if (!_entries.TryAdd(entry.FullName, entry))
                throw new InvalidDataException("two files in its archive have the same name");
        }
        // The archive has one folder, named after the file that was written.
        var names = _entries.Keys.Where(name => name == "data.pkl" || name.EndsWith("/data.pkl", StringComparison.Ordinal)).ToArray();
        if (names is not [var name])
        {
            throw new InvalidDataException(names.Length == 0 ? "it is an archive, but not one of torch.save: it has no data.pkl"
                : "it has several data.pkl");
        }
        _folder = name[..^"data.pkl".Length];
        if (_entries.ContainsKey(_folder + "constants.pkl"))
        {
            throw new InvalidDataException("it is a TorchScript program (torch.jit.save); save module.state_dict() by torch.save instead");
        }
        if (_entries.TryGetValue(_folder + "byteorder", out var order) && Encoding(order) == "big")
            throw new InvalidDataException("its numbers are big-endian");
        Take(PickleReader.Read(Content(_entries[name], LargestPickle), new TorchObjects()), options);
    }

    /// <summary>Whether a file begins as a zip archive.</summary>
    public static bool Is(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..];

    protected override Tensor Read(TorchStorage storage, long first, long count)
    {
        if (!_entries.TryGetValue($"{_folder}data/{storage.Key}", out var entry))
            throw new InvalidDataException($"it lacks the numbers 'data/{storage.Key}'");
        var needed = (Int128)storage.Count * WeightTensor.ElementSize(storage.Type);
        if (entry.Length < needed)
            throw new InvalidDataException($"'data/{storage.Key}' has {entry.Length} bytes, where {needed} would be right");
        // The archive's streams go forward only, and tensors of one storage follow each other.
        var begin = first * WeightTensor.ElementSize(storage.Type);
        if (_open.Key != storage.Key || _open.At > begin) _open = (storage.Key, Stored(entry), 0);
        Skip(_open.Stream!, begin - _open.At);
        var tensor = WeightTensor.ReadFrom(_open.Stream!, storage.Type, count);
        _open.At = begin + count * WeightTensor.ElementSize(storage.Type);
        return tensor;
    }

    private static void Skip(Stream stream, long bytes)
    {
        var buffer = new byte[(int)Math.Min(bytes, 1 << 16)];
        for (int part; bytes > 0; bytes -= part)
        {
            part = (int)Math.Min(bytes, buffer.Length);
            stream.ReadExactly(buffer, 0, part);
        }
    }

    private byte[] Content(ZipArchiveEntry entry, int most)
    {
        if (entry.Length > most) throw new InvalidDataException($"its {entry.Name} would take {entry.Length} bytes");
        using var stream = Stored(entry);
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private string Encoding(ZipArchiveEntry entry) => System.Text.Encoding.ASCII.GetString(Content(entry, 100)).Trim();

    // PyTorch does not compress. What is stored as it is cannot be larger than the file.
    private Stream Stored(ZipArchiveEntry entry)
    {
        if (entry.CompressedLength != entry.Length || entry.Length > _fileLength)
        {
            throw new InvalidDataException($"'{entry.FullName}' in its archive takes {entry.CompressedLength} bytes for {entry.Length}; " +
                "torch.save does not compress");
        }
        return Guarded(entry.Open);
    }

    // What the archive's reader throws at damaged files.
    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("its archive is damaged", e);
        }
    }
}
