using System.Globalization;
using System.Text.Json.Nodes;
using Parquet;
using Parquet.Schema;

namespace GanPipeline.Generation;

/// <summary>A Parquet file; its metadata say to Hugging Face's datasets which column is the picture, and what classes are called.</summary>
internal sealed class ParquetShard : ShardWriter
{
    // A reader that wants one row reads as many.
    private const int RowsOfGroup = 1000;

    private const string Image = "image", Seed = "seed", Index = "index", Class = "label";

    private readonly SampleForm _form;
    private readonly ShardRange _shard;
    private readonly HashingFile _file;
    private readonly ParquetWriter _writer;
    private readonly ParquetSchema _schema;
    private readonly List<Row> _rows = [];

    public ParquetShard(string folder, ShardRange shard, SampleForm form)
    {
        (_form, _shard) = (form, shard);
        _schema = new ParquetSchema(Columns(form));
        _file = new HashingFile(folder, shard.Name + ".parquet");
        // PNG files do not become smaller.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.None };
        _writer = Wait(ParquetWriter.CreateAsync(_schema, _file, options));
        _writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = Features(form) };
    }

    public override byte[][] Encode(SampleBatch batch) => _form.Png(batch);

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            var place = batch.Range.Place + i;
            _rows.Add(new Row(place, encoded[i], batch.Range.Seed, batch.Range.First + i,
                _form.Class is null ? -1 : _form.ClassOf(batch, i), _form.Values(batch, i)));
            if (_rows.Count == RowsOfGroup || place + 1 == _shard.End) WriteGroup();
        }
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        Wait(_writer.DisposeAsync());
        return [(_file.Name, _file.Complete())];
    }

    public override void Dispose()
    {
        // The writer holds nothing but the file.
        _file.Abandon();
        _file.Dispose();
    }

    private static List<Field> Columns(SampleForm form)
    {
        List<Field> columns =
        [
            new StructField(Image, Column<byte[]>("bytes"), Column<string>("path")),
            Column<long>(Seed),
            Column<long>(Index),
        ];
        if (form.Class is not null) columns.Add(Column<long>(Class));
        foreach (var field in form.Labels?.Fields ?? [])
            columns.Add(field.Kind == LabelKind.Numeric ? Column<double>(NameOf(field)) : Column<string>(NameOf(field)));
        return columns;
    }

    private static DataField Column<T>(string name) => new(name, typeof(T), isNullable: false);

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
        using var group = _writer.CreateRowGroup();
        var columns = new Queue<DataField>(_schema.DataFields);
        // Values of a struct that is there.
        var there = new int[_rows.Count];
        Array.Fill(there, 1);
        Wait(group.WriteAllPartsAsync<ReadOnlyMemory<byte>>(columns.Dequeue(), Each(row => (ReadOnlyMemory<byte>)row.Picture), there, null,
            CancellationToken.None));
        Wait(group.WriteAllPartsAsync<ReadOnlyMemory<char>>(columns.Dequeue(),
            Each(row => $"{row.Place.ToString("D9", CultureInfo.InvariantCulture)}.png".AsMemory()), there, null, CancellationToken.None));
        Write(row => row.Seed);
        Write(row => row.Index);
        if (_form.Class is not null) Write(row => (long)row.Class);
        for (var i = 0; i < _form.Labels?.Fields.Count; i++)
        {
            var (at, field) = (i, _form.Labels.Fields[i]);
            if (field.Kind == LabelKind.Numeric) Write(row => (double)row.Values[at]);
            else Write(row => field.Write(row.Values[at]).AsMemory());
        }
        group.CompleteValidate();
        _rows.Clear();

        void Write<T>(Func<Row, T> value) where T : struct => Wait(group.WriteAsync<T>(columns.Dequeue(), Each(value)));
    }

    private T[] Each<T>(Func<Row, T> value) => [.. _rows.Select(value)];

    // Writing goes to a file of ours, whose writes are done when they return.
    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private sealed record Row(long Place, byte[] Picture, long Seed, long Index, int Class, float[] Values);
}
