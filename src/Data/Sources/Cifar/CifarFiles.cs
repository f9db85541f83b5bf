using System.Text;

namespace GanPipeline.Data;

/// <summary>The files of a CIFAR set in a folder or archive: which form they have, and which are there.</summary>
internal sealed class CifarFiles : IDisposable
{
    private readonly CifarSet _set;
    private readonly string _path;
    private readonly DataFiles _files;
    private readonly DataFile[] _own;

    private CifarFiles(CifarSet set, string path, DataFiles files)
    {
        (_set, _path, _files) = (set, path, files);
        // An archive may be beside what it unpacked to: the folder with the most of the set's files counts, the outermost of several.
        var pictures = files.Files.Where(f => set.IsPictures(f.Name)).GroupBy(f => f.Folder).MaxBy(folder => folder.Count());
        _own = pictures is null ? [] : [.. files.Files.Where(f => f.Folder == pictures.Key)];
        IsBinary = Present(binary: true) >= Present(binary: false);
    }

    /// <summary>Whether there are any pictures of the set in a form that is read.</summary>
    public bool Any => _own.Length > 0;

    /// <summary>Whether there are files in Matlab's form, which is not read.</summary>
    public bool IsMatlab => _files.Files.Any(f => _set.IsMatlab(f.Name));

    /// <summary>Whether they are in the binary form; else they are Python's pickles. The more complete form counts.</summary>
    public bool IsBinary { get; }

    public static CifarFiles Find(CifarSet set, string path, CancellationToken cancellationToken) =>
        new(set, path, DataFiles.Find(path, set.Has, cancellationToken));

    /// <summary>Whether the files are the set's beyond doubt: CIFAR-100's have such common names that their content is looked at.</summary>
    public bool AreCertain
    {
        get
        {
            if (_set != CifarSet.Hundred) return Any || IsMatlab;
            if (!Any) return false;
            var file = _own.First(f => _set.IsPictures(f.Name) && CifarSet.IsBinary(f.Name) == IsBinary);
            return IsBinary ? file.Length > 0 && file.Length % _set.RecordSize == 0 : PickleReader.IsPickle(_files.ReadStart(file, 2));
        }
    }

    /// <summary>The files of a split, in the set's order.</summary>
    /// <exception cref="DataSetException">One is missing.</exception>
    public IEnumerable<DataFile> Pictures(string split)
    {
        foreach (var name in _set.FilesOf(split).Select(name => IsBinary ? name + CifarSet.BinaryEnding : name))
            yield return Find(name) ?? throw new DataSetException($"{_set.Title}'s file {name} is missing in {_path}.");
    }

    /// <summary>Where a file lies, for messages.</summary>
    public string Where(DataFile file) => _files.Where(file);

    /// <exception cref="DataSetException">The file cannot be read.</exception>
    public byte[] ReadAll(DataFile file, CancellationToken cancellationToken) => _files.ReadAll(file, cancellationToken);

    /// <summary>For each of the set's labels, the classes' names: those of the file that says them, else the well-known ones.</summary>
    /// <exception cref="DataSetException">The file is damaged.</exception>
    public IReadOnlyList<IReadOnlyList<string>> ReadNames(CancellationToken cancellationToken) =>
        [.. _set.Labels.Select(label => ReadNames(label, cancellationToken))];

    public void Dispose() => _files.Dispose();

    private int Present(bool binary) =>
        _own.Count(f => _set.IsPictures(f.Name) && CifarSet.IsBinary(f.Name) == binary);

    private DataFile? Find(string name) => _own.Where(f => f.Name == name).Select(f => (DataFile?)f).FirstOrDefault();

    private IReadOnlyList<string> ReadNames(CifarLabel label, CancellationToken cancellationToken)
    {
        if (Find(IsBinary ? label.NamesFile : _set.PythonNames) is not { } file) return label.Official;
        var (where, bytes) = (Where(file), ReadAll(file, cancellationToken));
        var names = IsBinary ? Lines(bytes) : Texts(CifarBatch.ReadDictionary(_set, where, bytes).GetValueOrDefault(label.NamesKey));
        // A list that was cut short is known to go on.
        if (label.Official.Take(names.Length).SequenceEqual(names)) return label.Official;
        return names.Length == label.Official.Count && names.Distinct().Count() == names.Length
            ? names
            : throw new DataSetException($"{where} must name {label.Official.Count} different classes, but names {names.Length}.");
    }

    private static string[] Lines(byte[] bytes) =>
        Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string[] Texts(object? list) =>
        list is List<object?> texts ? [.. texts.Select(PickleObjects.Text).OfType<string>()] : [];
}
