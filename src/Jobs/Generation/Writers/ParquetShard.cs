using System.Globalization;
using System.Text.Json.Nodes;
using Parquet.Schema;

namespace GanPipeline.Jobs;

/// <summary>A Parquet file; its metadata say to Hugging Face's datasets which column is the picture, and what classes are called.</summary>
internal sealed class ParquetShard : ShardWriter<SampleBatch>
{
    // A reader that wants one row reads as many.
    private const int RowsOfGroup = 1000;

    private const string Image = "image", Seed = "seed", Index = "index", Class = "label";

    private readonly SampleForm _form;
    private readonly ShardRange _shard;
    private readonly ParquetFile _file;
    private readonly List<Row> _rows = [];

    public ParquetShard(string folder, ShardRange shard, SampleForm form)
    {
        (_form, _shard) = (form, shard);
        _file = new ParquetFile(folder, shard.Name + ".parquet", Columns(form), new() { ["huggingface"] = Features(form) });
    }

    public override byte[][] Encode(SampleBatch batch) => _form.Png(batch);

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            var place = batch.Place + i;
            _rows.Add(new Row(place, encoded[i], batch.Seed, batch.First + i,
                _form.Class is null ? -1 : _form.ClassOf(batch, i), _form.Values(batch, i)));
            if (_rows.Count == RowsOfGroup || place + 1 == _shard.End) WriteGroup();
        }
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete() => [_file.Complete()];

    public override void Dispose() => _file.Dispose();

    private static List<Field> Columns(SampleForm form)
    {
        List<Field> columns =
        [
            new StructField(Image, ParquetFile.Column<byte[]>("bytes"), ParquetFile.Column<string>("path")),
            ParquetFile.Column<long>(Seed),
            ParquetFile.Column<long>(Index),
        ];
        if (form.Class is not null) columns.Add(ParquetFile.Column<long>(Class));
        foreach (var field in form.Labels?.Fields ?? [])
        {
            columns.Add(field.Kind == LabelKind.Numeric
                ? ParquetFile.Column<double>(NameOf(field))
                : ParquetFile.Column<string>(NameOf(field)));
        }
        return columns;
    }

    private static string NameOf(LabelField field) =>
        field.Name is Image or Seed or Index or Class ? $"{Class}_{field.Name}" : field.Name;

    /// <summary>The columns as Hugging Face's datasets knows them.</summary>
    private static string Features(SampleForm form)
    {
        var features = new JsonObject
        {
            [Image] = new JsonObject { ["_type"] = "Image" }, [Seed] = Value("int64"), [Index] = Value("int64"),
        };
        if (form.Class is { } only)
        {
            features[Class] = new JsonObject
            {
                ["names"] = new JsonArray([.. only.Values.Select(name => JsonValue.Create(name))]), ["_type"] = "ClassLabel",
            };
        }
        foreach (var field in form.Labels?.Fields ?? [])
            features[NameOf(field)] = Value(field.Kind == LabelKind.Numeric ? "float64" : "string");
        return new JsonObject { ["info"] = new JsonObject { ["features"] = features } }.ToJsonString();

        static JsonObject Value(string type) => new() { ["dtype"] = type, ["_type"] = "Value" };
    }

    private void WriteGroup()
    {
        using var group = _file.BeginGroup();
        group.WriteMember(Each(row => (ReadOnlyMemory<byte>)row.Picture));
        group.WriteMember(Each(row => $"{row.Place.ToString("D9", CultureInfo.InvariantCulture)}.png".AsMemory()));
        group.Write(Each(row => row.Seed));
        group.Write(Each(row => row.Index));
        if (_form.Class is not null) group.Write(Each(row => (long)row.Class));
        for (var i = 0; i < _form.Labels?.Fields.Count; i++)
        {
            var (at, field) = (i, _form.Labels.Fields[i]);
            if (field.Kind == LabelKind.Numeric) group.Write(Each(row => (double)row.Values[at]));
            else group.Write(Each(row => field.Write(row.Values[at]).AsMemory()));
        }
        group.Complete();
        _rows.Clear();
    }

    private T[] Each<T>(Func<Row, T> value) => [.. _rows.Select(value)];

    private sealed record Row(long Place, byte[] Picture, long Seed, long Index, int Class, float[] Values);
}
