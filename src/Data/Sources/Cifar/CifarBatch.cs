namespace GanPipeline.Data;

/// <summary>The pictures of one of CIFAR's files.</summary>
/// <param name="Name">The file, for messages.</param>
/// <param name="Bytes">The file, or the part of it that holds pictures.</param>
/// <param name="Start">Where the first picture begins.</param>
/// <param name="Step">Bytes from picture to picture.</param>
/// <param name="Labels">For each of the set's labels, one for each picture.</param>
internal sealed record CifarBatch(string Name, ReadOnlyMemory<byte> Bytes, int Start, int Step, byte[][] Labels)
{
    public int Count => Labels[0].Length;

    /// <summary>Picture i: [3, 32, 32].</summary>
    public ReadOnlySpan<byte> this[int i] => Bytes.Span.Slice(Start + i * Step, CifarSet.PictureSize);

    /// <summary>Reads a file of the binary form: records of a byte for each label, and a picture.</summary>
    /// <exception cref="DataSetException">It does not consist of whole records.</exception>
    public static CifarBatch ReadBinary(CifarSet set, string name, byte[] file)
    {
        var count = file.Length / set.RecordSize;
        if (count == 0 || file.Length % set.RecordSize != 0)
        {
            throw new DataSetException($"{name} is cut short or not {set.Title}'s: it has {file.Length} bytes, which is not a whole " +
                $"number of records of {set.RecordSize}.");
        }
        var labels = set.Labels.Select((_, place) =>
            Enumerable.Range(0, count).Select(i => file[i * set.RecordSize + place]).ToArray()).ToArray();
        return new(name, file, set.Labels.Count, set.RecordSize, labels);
    }

    /// <summary>Reads a file of the Python form: a pickled dictionary with an array of pictures, [N, 3072], and lists of labels.</summary>
    /// <exception cref="DataSetException">It is damaged, or another set's.</exception>
    public static CifarBatch ReadPython(CifarSet set, string name, byte[] file)
    {
        var content = ReadDictionary(set, name, file);
        if (content.GetValueOrDefault("data") is not PickleArray { NumberType: "u1", Shape: [var count, ..] shape } data
            || data.Bytes.Length != (long)count * CifarSet.PictureSize || count == 0
            || shape is not ([_, _] or [_, 3, 32, 32]))
        {
            throw new DataSetException($"{name} is not {set.Title}'s: its 'data' must be an array of bytes, N x " +
                $"{CifarSet.PictureSize}, but {Describe(content.GetValueOrDefault("data"))}.");
        }
        return new(name, data.Bytes, 0, CifarSet.PictureSize, [.. set.Labels.Select(l => LabelsOf(content, l.Key, count, name))]);
    }

    /// <summary>The dictionary that a file of the Python form is.</summary>
    /// <exception cref="DataSetException">It is none.</exception>
    public static Dictionary<string, object?> ReadDictionary(CifarSet set, string name, byte[] file)
    {
        try
        {
            return PickleReader.Read(file, PickleObjects.Instance) as Dictionary<string, object?>
                ?? throw new DataSetException($"{name} is not {set.Title}'s: it is a pickle of something else than a dictionary.");
        }
        catch (InvalidDataException e)
        {
            throw new DataSetException($"{name} cannot be read as {set.Title}'s Python form: {e.Message}.", e);
        }
    }

    private static byte[] LabelsOf(Dictionary<string, object?> content, string key, int count, string name)
    {
        var labels = content.GetValueOrDefault(key) switch
        {
            List<object?> list when list.TrueForAll(label => label is long) => list.Cast<long>().ToArray(),
            PickleArray { Shape.Count: 1 } array => array.Integers(),
            _ => throw new DataSetException($"{name} has no list of numbers '{key}'."),
        };
        if (labels.Length != count) throw new DataSetException($"{name} has {count} pictures, but {labels.Length} '{key}'.");
        if (Array.Find(labels, label => label is < 0 or > byte.MaxValue) is not 0 and var wrong)
            throw new DataSetException($"{name} has the label {wrong} among its '{key}'.");
        return [.. labels.Select(label => (byte)label)];
    }

    private static string Describe(object? data) => data switch
    {
        null => "there is none",
        PickleArray array => $"it is one of {string.Join(" x ", array.Shape)} of the type {array.NumberType}",
        _ => "it is something else",
    };
}
