using System.Formats.Tar;
using System.Globalization;
using System.Text.Json;

namespace GanPipeline.Jobs;

/// <summary>A tar file in the convention of WebDataset: the files of a sample follow each other, and have its name.</summary>
internal sealed class TarShard : ShardWriter<SampleBatch>
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly SampleForm _form;
    private readonly HashingFile _file;
    private readonly TarWriter _tar;

    public TarShard(string folder, ShardRange shard, SampleForm form)
    {
        _form = form;
        _file = new HashingFile(folder, shard.Name + ".tar");
        _tar = new TarWriter(_file, TarEntryFormat.Ustar, leaveOpen: true);
    }

    public override byte[][] Encode(SampleBatch batch) => _form.Png(batch);

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            var key = (batch.Place + i).ToString("D9", CultureInfo.InvariantCulture);
            Write(key + ".png", encoded[i]);
            if (_form.Class is not null)
                Write(key + ".cls", System.Text.Encoding.ASCII.GetBytes(_form.ClassOf(batch, i).ToString(CultureInfo.InvariantCulture)));
            Write(key + ".json", Description(batch, i));
        }
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        _tar.Dispose();
        return [(_file.Name, _file.Complete())];
    }

    public override void Dispose()
    {
        _file.Abandon();
        _tar.Dispose();
        _file.Dispose();
    }

    private byte[] Description(SampleBatch batch, int index)
    {
        using var content = new MemoryStream();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", batch.Seed);
            json.WriteNumber("index", batch.First + index);
            if (_form.Labels is { } labels)
            {
                json.WriteStartObject("label");
                foreach (var (field, value) in labels.Fields.Zip(_form.Describe(batch, index))) json.WriteString(field.Name, value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return content.ToArray();
    }

    private void Write(string name, byte[] content) => _tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
    {
        // The same bytes whenever and by whomever they are written.
        ModificationTime = DateTimeOffset.UnixEpoch,
        Mode = Mode,
        DataStream = new MemoryStream(content),
    });
}
