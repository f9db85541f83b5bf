using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GanPipeline.Jobs;

/// <summary>A folder of picture files.</summary>
internal sealed class FolderShard : ShardWriter<SampleBatch>
{
    private const string Labels = "labels.csv";

    private readonly SampleForm _form;
    private readonly bool _isJpeg;
    private readonly string _name, _path, _temporary;
    private readonly List<(string Name, string Hash)> _files = [];
    private readonly StringBuilder _labels = new();

    public FolderShard(string folder, ShardRange shard, SampleForm form, bool isJpeg)
    {
        (_form, _isJpeg, _name) = (form, isJpeg, shard.Name);
        (_path, _temporary) = (Path.Combine(folder, shard.Name), Path.Combine(folder, $".{shard.Name}.tmp"));
        if (Directory.Exists(_temporary)) Directory.Delete(_temporary, recursive: true);
        Directory.CreateDirectory(_temporary);
        if (form.Labels is { } labels) Line("file", labels.Fields.Select(field => field.Name));
    }

    /// <summary>Writes the files of a batch, which nothing else writes.</summary>
    /// <returns>Their hashes.</returns>
    public override byte[][] Encode(SampleBatch batch)
    {
        var hashes = new byte[batch.Count][];
        using var content = new MemoryStream();
        for (var i = 0; i < hashes.Length; i++)
        {
            content.SetLength(0);
            if (_isJpeg) _form.Image(batch, i).WriteJpeg(content);
            else _form.Image(batch, i).WritePng(content);
            var bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
            using (var file = File.OpenHandle(Path.Combine(_temporary, FileName(batch.Place + i)), FileMode.Create, FileAccess.Write))
                RandomAccess.Write(file, bytes, 0);
            hashes[i] = SHA256.HashData(bytes);
        }
        return hashes;
    }

    public override void Add(SampleBatch batch, byte[][] encoded)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            var file = FileName(batch.Place + i);
            _files.Add(($"{_name}/{file}", Convert.ToHexStringLower(encoded[i])));
            if (_form.Labels is not null) Line(file, _form.Describe(batch, i));
        }
    }

    public override IReadOnlyList<(string Name, string Hash)> Complete()
    {
        if (_form.Labels is not null)
        {
            var text = Encoding.UTF8.GetBytes(_labels.ToString());
            File.WriteAllBytes(Path.Combine(_temporary, Labels), text);
            _files.Add(($"{_name}/{Labels}", Convert.ToHexStringLower(SHA256.HashData(text))));
        }
        // One that was whole, but for its record.
        if (Directory.Exists(_path)) Directory.Delete(_path, recursive: true);
        Directory.Move(_temporary, _path);
        return _files;
    }

    public override void Dispose()
    {
        if (Directory.Exists(_temporary)) Directory.Delete(_temporary, recursive: true);
    }

    private string FileName(long place) => place.ToString("D9", CultureInfo.InvariantCulture) + (_isJpeg ? ".jpg" : ".png");

    private void Line(string first, IEnumerable<string> rest) => _labels.AppendJoin(',', rest.Prepend(first).Select(Csv.Cell)).Append('\n');
}
