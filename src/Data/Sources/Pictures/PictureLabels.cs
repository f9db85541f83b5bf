namespace GanPipeline.Data;

/// <summary>The labels of the pictures of a folder: their class, from a sub-folder or a column "class", and a table's attributes.</summary>
internal sealed class PictureLabels
{
    private readonly List<int> _labels = [];
    private readonly List<float[]> _rows = [];

    /// <exception cref="DataSetException">The table is damaged, does not match the pictures, or gives classes where folders do.</exception>
    public PictureLabels(FolderLayout layout, FileEntry[] entries, DataOptions options, List<SkippedImage> leftOut,
        CancellationToken cancellationToken)
    {
        Classes = layout.Classes;
        if (options.Attributes is null)
        {
            Entries = [.. layout.Pictures.Select(p => p.Entry)];
            _labels.AddRange(layout.Pictures.Select(p => p.Label));
            Attributes = ClassField();
            return;
        }
        var leaveOut = options.Missing == MissingAttributes.LeaveOut;
        var table = AttributeTable.Read(options.Attributes, leaveOut, cancellationToken);
        var rows = table.Match([.. layout.All.Select(entry => entries[entry].Path)], leaveOut);
        var classColumn = table.Fields.ToList().FindIndex(f => f.Name == LabelField.Class);
        if (classColumn >= 0)
        {
            if (Classes.Count > 1)
                throw new DataSetException($"The table {options.Attributes} has a column '{LabelField.Class}', but the pictures' folders " +
                    "are classes " +
                    $"already ({FileNames.Some(Classes, 3)}). Give the column another name.");
            Classes = table.Fields[classColumn].Values;
        }
        var kept = layout.Pictures.Where(p => rows.ContainsKey(entries[p.Entry].Path)).ToList();
        if (kept.Count == 0)
            throw new DataSetException($"The table {options.Attributes} has no complete row for any of the {layout.Pictures.Count} " +
                "pictures " +
                $"of the split {options.Split}.");
        leftOut.AddRange(layout.Pictures.Select(p => entries[p.Entry].Path).Where(path => !rows.ContainsKey(path))
            .Select(path => new SkippedImage(path, Reasons.NoRow)));
        Entries = [.. kept.Select(p => p.Entry)];
        _rows.AddRange(kept.Select(p => rows[entries[p.Entry].Path]));
        _labels.AddRange(kept.Select((p, i) => classColumn >= 0 ? (int)_rows[i][classColumn] : p.Label));
        Attributes = classColumn >= 0 ? table.Fields : [.. ClassField(), .. table.Fields];
    }

    /// <summary>The places of the pictures in the file list.</summary>
    public IReadOnlyList<int> Entries { get; }

    public IReadOnlyList<string> Classes { get; }

    public IReadOnlyList<LabelField> Attributes { get; }

    public int Label(int index) => _labels[index];

    public void Read(int index, Span<float> values)
    {
        var fromTable = _rows.Count > 0 ? _rows[index] : [];
        if (fromTable.Length < Attributes.Count) values[0] = _labels[index];
        fromTable.CopyTo(values[(Attributes.Count - fromTable.Length)..]);
    }

    private LabelField[] ClassField() => Classes.Count > 0 ? [LabelField.Categorical(LabelField.Class, Classes)] : [];
}
