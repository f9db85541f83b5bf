using Parquet.Schema;

namespace GanPipeline.Jobs;

/// <summary>A Parquet file with a list of features a row.</summary>
internal sealed class ParquetFeatures : ShardWriter<FeatureBatch>
{
    // Values that are held until a group of rows is written: 16 MB.
    private const int ValuesOfGroup = 1 << 22;

    private readonly FeatureForm _form;
    private readonly ParquetFile _file;
    private readonly List<PictureRow> _rows = [];
    private readonly List<float[]> _features = [];

    public ParquetFeatures(string folder, ShardRange shard, FeatureForm form)
    {
        _form = form;
        _file = new ParquetFile(folder, shard.Name + ".parquet", Columns(form));
    }

    public override void Add(FeatureBatch batch, byte[][] encoded)
    {
        _rows.AddRange(batch.Rows);
        _features.Add(batch.Features);
        if ((long)_rows.Count * _form.Features >= ValuesOfGroup) WriteGroup();
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        if (_rows.Count > 0) WriteGroup();
        return [_file.Complete()];
    }

    public override void Dispose() => _file.Dispose();

    private static List<Field> Columns(FeatureForm form)
    {
        List<Field> columns = [ParquetFile.Column<long>(FeatureForm.Index)];
        if (form.HasFiles) columns.Add(ParquetFile.Column<string>(FeatureForm.File));
        foreach (var field in form.Attributes)
        {
            var name = FeatureForm.NameOf(field);
            columns.Add(field.Kind == LabelKind.Numeric ? ParquetFile.Column<double>(name) : ParquetFile.Column<string>(name));
        }
        columns.Add(new ListField(FeatureForm.Column, ParquetFile.Column<float>("element")));
        return columns;
    }

    private void WriteGroup()
    {
        using var group = _file.BeginGroup();
        group.Write(Each(row => (long)row.Index));
        if (_form.HasFiles) group.Write(Each(row => row.File.AsMemory()));
        for (var i = 0; i < _form.Attributes.Count; i++)
        {
            var (at, field) = (i, _form.Attributes[i]);
            if (field.Kind == LabelKind.Numeric) group.Write(Each(row => (double)row.Values[at]));
            else group.Write(Each(row => FeatureForm.Text(field, row.Values[at]).AsMemory()));
        }
        group.WriteLists<float>([.. _features.SelectMany(batch => batch)], _form.Features);
        group.Complete();
        _rows.Clear();
        _features.Clear();
    }

    private T[] Each<T>(Func<PictureRow, T> value) => [.. _rows.Select(value)];
}
