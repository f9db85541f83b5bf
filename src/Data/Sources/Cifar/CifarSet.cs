namespace GanPipeline.Data;

/// <summary>CIFAR-10 or CIFAR-100 (Krizhevsky 2009): how its files are named, and what they hold.</summary>
/// <param name="Kind">As <see cref="DataOptions.Kind"/> names it.</param>
/// <param name="Title">As people name it.</param>
/// <param name="Labels">What each picture is labelled with, in the order of the binary form's bytes.</param>
/// <param name="TrainingFiles">The files to train on; in the binary form they end in <see cref="BinaryEnding"/>.</param>
/// <param name="TestFile">The file to test with.</param>
/// <param name="PythonNames">The file with the classes' names in the Python form.</param>
internal sealed record CifarSet(
    string Kind, string Title, IReadOnlyList<CifarLabel> Labels, string[] TrainingFiles, string TestFile, string PythonNames)
{
    public const string BinaryEnding = ".bin";
    private const string MatlabEnding = ".mat";

    public static CifarSet Ten { get; } = new("cifar10", "CIFAR-10",
        [new(LabelField.Class, CifarNames.Ten, "labels", "label_names", "batches.meta.txt")],
        ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"], "test_batch", "batches.meta");

    public static CifarSet Hundred { get; } = new("cifar100", "CIFAR-100",
        [
            new("superclass", CifarNames.Twenty, "coarse_labels", "coarse_label_names", "coarse_label_names.txt"),
            new(LabelField.Class, CifarNames.Hundred, "fine_labels", "fine_label_names", "fine_label_names.txt"),
        ],
        ["train"], "test", "meta");

    /// <summary>Bytes of a picture: 32 x 32 of red, of green, of blue.</summary>
    public static int PictureSize => 3 * 32 * 32;

    /// <summary>Bytes of a label or several and their picture in the binary form.</summary>
    public int RecordSize => Labels.Count + PictureSize;

    /// <summary>Whether a file of pictures is of the binary form.</summary>
    public static bool IsBinary(string file) => file.EndsWith(BinaryEnding, StringComparison.Ordinal);

    /// <summary>Whether one of the set's files, in any form, has this name.</summary>
    public bool Has(string file) => IsPictures(file) || IsMatlab(file) || file == PythonNames || Labels.Any(l => l.NamesFile == file);

    /// <summary>Whether one of the set's files in Matlab's form, which is not read, has this name.</summary>
    public bool IsMatlab(string file) =>
        file.EndsWith(MatlabEnding, StringComparison.Ordinal) && IsPictures(file[..^MatlabEnding.Length]) && !IsBinary(file);

    /// <summary>Whether one of the set's files of pictures, in a form that is read, has this name.</summary>
    public bool IsPictures(string file)
    {
        var name = IsBinary(file) ? file[..^BinaryEnding.Length] : file;
        return name == TestFile || TrainingFiles.Contains(name);
    }

    /// <summary>The files of a split, without <see cref="BinaryEnding"/>.</summary>
    public string[] FilesOf(string split) =>
        split switch { "train" => TrainingFiles, "test" => [TestFile], _ => [.. TrainingFiles, TestFile] };
}

/// <summary>One of the things that pictures are labelled with.</summary>
/// <param name="Attribute">The attribute's name.</param>
/// <param name="Official">The classes' names as the set's authors published them.</param>
/// <param name="Key">Its key in the Python form.</param>
/// <param name="NamesKey">The key of its classes' names in the Python form.</param>
/// <param name="NamesFile">The file of its classes' names in the binary form.</param>
internal sealed record CifarLabel(string Attribute, IReadOnlyList<string> Official, string Key, string NamesKey, string NamesFile);
