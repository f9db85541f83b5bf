using Parquet;
using Parquet.Schema;

namespace GanPipeline.Jobs;

/// <summary>A shard's Parquet file.</summary>
internal sealed class ParquetFile : IDisposable
{
    private readonly HashingFile _file;
    private readonly ParquetWriter _writer;
    private readonly ParquetSchema _schema;

    /// <param name="folder">Where.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="metadata">Of the file.</param>
    public ParquetFile(string folder, string name, IEnumerable<Field> columns, Dictionary<string, string>? metadata = null)
    {
        _schema = new ParquetSchema(columns);
        _file = new HashingFile(folder, name);
        // PNG files and features do not become smaller.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.None };
        _writer = Wait(ParquetWriter.CreateAsync(_schema, _file, options));
        if (metadata is not null) _writer.CustomMetadata = metadata;
    }

    /// <summary>A column without nulls.</summary>
    public static DataField Column<T>(string name) => new(name, typeof(T), isNullable: false);

    /// <summary>Begins a group of rows, to which all columns are written, in their order.</summary>
    public ParquetGroup BeginGroup() => new(_writer.CreateRowGroup(), _schema.DataFields);

    /// <summary>Gives the file its name.</summary>
    public (string Name, string Hash) Complete()
    {
        Wait(_writer.DisposeAsync().AsTask());
        return (_file.Name, _file.Complete());
    }

    public void Dispose()
    {
        // The writer holds nothing but the file.
        _file.Abandon();
        _file.Dispose();
    }

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();

    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}

/// <summary>Rows of a Parquet file, column by column.</summary>
internal sealed class ParquetGroup(ParquetRowGroupWriter group, IEnumerable<DataField> fields) : IDisposable
{
    private readonly Queue<DataField> _fields = new(fields);

    /// <summary>The next column.</summary>
    public void Write<T>(T[] values) where T : struct => Wait(group.WriteAsync<T>(_fields.Dequeue(), values));

    /// <summary>The next column, a member of a struct that is there in each row.</summary>
    public void WriteMember<T>(T[] values) where T : struct => WriteParts(values, null);

    /// <summary>The next column, a list in each row.</summary>
    /// <param name="values">Those of all rows.</param>
    /// <param name="size">Values of a row, at least 1.</param>
    public void WriteLists<T>(T[] values, int size) where T : struct
    {
        var repetitions = new int[values.Length];
        for (var i = 0; i < repetitions.Length; i++) repetitions[i] = i % size == 0 ? 0 : 1;
        WriteParts(values, repetitions);
    }

    /// <summary>Says that all columns are written.</summary>
    public void Complete() => group.CompleteValidate();

    public void Dispose() => group.Dispose();

    private void WriteParts<T>(T[] values, int[]? repetitions) where T : struct
    {
        var field = _fields.Dequeue();
        var definitions = new int[values.Length];
        Array.Fill(definitions, field.MaxDefinitionLevel);
        Wait(group.WriteAllPartsAsync<T>(field, values, definitions, repetitions, CancellationToken.None));
    }

    // Writing goes to a file of ours, whose writes are done when they return.
    private static void Wait(Task task) => task.GetAwaiter().GetResult();
}
