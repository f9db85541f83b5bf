using System.Buffers.Binary;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>
/// What <c>torch.save</c> wrote before PyTorch 1.6, and writes where it is asked to: pickles of a magic number, the version, the machine,
/// the dictionary and the storages' keys, one behind the other; then for each key a count and the numbers.
/// </summary>
internal sealed class TorchLegacyFile : TorchFile
{
    /// <summary>The pickle of the number 0x1950a86a20f9469cfc6c.</summary>
    private static ReadOnlySpan<byte> Magic => [0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    private const long Version = 1001;

    private readonly FileStream _stream;
    private readonly Dictionary<string, long> _places = [];

    /// <exception cref="InvalidDataException">The file is damaged, or holds something else.</exception>
    public TorchLegacyFile(FileStream stream, WeightOptions options) : base(stream)
    {
        _stream = stream;
        if (!Magic.SequenceEqual(Start(Magic.Length)))
            throw new InvalidDataException("it is a pickle, but not one of torch.save; a state dict would be right");
        var pickles = (ReadOnlyMemory<byte>)Start(LargestPickle).AsMemory(Magic.Length);
        var at = (long)Magic.Length;
        var form = new TorchObjects();
        object? Next()
        {
            var value = PickleReader.Read(pickles, form, out var length);
            (pickles, at) = (pickles[length..], at + length);
            return value;
        }
        if (Next() is not Version) throw new InvalidDataException($"it is of another version of torch.save than {Version}");
        if (Next() is not Dictionary<string, object?> machine || machine.GetValueOrDefault("little_endian") is not true)
            throw new InvalidDataException("its numbers are not little-endian");
        var root = Next();
        if (Next() is not List<object?> keys) throw new InvalidDataException("it has no list of its storages");
        foreach (var key in keys) at = Place(PickleForm.Text(key), form, at);
        Take(root, options);
    }

    /// <summary>Whether a file begins as a pickle; which one is told when it is read.</summary>
    public static bool Is(ReadOnlySpan<byte> start) => PickleReader.IsPickle(start);

    protected override Tensor Read(TorchStorage storage, long first, long count)
    {
        if (!_places.TryGetValue(storage.Key, out var place))
            throw new InvalidDataException($"it lacks the numbers of the storage '{storage.Key}'");
        _stream.Position = place + first * WeightTensor.ElementSize(storage.Type);
        return WeightTensor.ReadFrom(_stream, storage.Type, count);
    }

    private byte[] Start(int most)
    {
        _stream.Position = 0;
        var bytes = new byte[(int)Math.Min(most, _stream.Length)];
        _stream.ReadExactly(bytes);
        return bytes;
    }

    // A storage that no tensor names cannot be passed over, since its size is not known.
    private long Place(string? key, TorchObjects form, long at)
    {
        if (key is null || !form.Storages.TryGetValue(key, out var storage) || !_places.TryAdd(key, at + sizeof(long)))
            throw new InvalidDataException("its list of storages is not that of its tensors");
        var bytes = (Int128)storage.Count * WeightTensor.ElementSize(storage.Type);
        if (at + sizeof(long) + bytes > _stream.Length) throw new InvalidDataException("it is cut short");
        _stream.Position = at;
        Span<byte> count = stackalloc byte[sizeof(long)];
        _stream.ReadExactly(count);
        if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count)
            throw new InvalidDataException($"the storage '{key}' has another size than its tensors say");
        return at + sizeof(long) + (long)bytes;
    }
}
