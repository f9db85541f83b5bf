using System.Globalization;
using System.Text;

namespace GanPipeline.Jobs;

/// <summary>A table as text.</summary>
internal sealed class CsvFeatures : ShardWriter<FeatureBatch>
{
    private readonly FeatureForm _form;
    private readonly HashingFile _file;

    public CsvFeatures(string folder, ShardRange shard, FeatureForm form)
    {
        _form = form;
        _file = new HashingFile(folder, shard.Name + ".csv");
        IEnumerable<string> names =
        [
            FeatureForm.Index, .. form.HasFiles ? [FeatureForm.File] : Array.Empty<string>(), .. form.Attributes.Select(FeatureForm.NameOf),
            .. Enumerable.Range(0, form.Features).Select(i => $"f{i.ToString(CultureInfo.InvariantCulture)}"),
        ];
        _file.Write(Encoding.UTF8.GetBytes(string.Join(',', names.Select(Csv.Cell)) + "\n"));
    }

    /// <summary>The lines of a batch, as one.</summary>
    public override byte[][] Encode(FeatureBatch batch)
    {
        var text = new StringBuilder();
        for (var i = 0; i < batch.Rows.Length; i++)
        {
            var row = batch.Rows[i];
            text.Append(CultureInfo.InvariantCulture, $"{row.Index}");
            if (_form.HasFiles) text.Append(',').Append(Csv.Cell(row.File));
            for (var k = 0; k < _form.Attributes.Count; k++)
                text.Append(',').Append(Csv.Cell(FeatureForm.Text(_form.Attributes[k], row.Values[k])));
            foreach (var value in batch.Features.AsSpan(i * _form.Features, _form.Features))
                text.Append(CultureInfo.InvariantCulture, $",{value}");
            text.Append('\n');
        }
        return [Encoding.UTF8.GetBytes(text.ToString())];
    }

    public override void Add(FeatureBatch batch, byte[][] encoded) => _file.Write(encoded[0]);

    public override IReadOnlyList<(string Name, string Hash)> Complete() => [(_file.Name, _file.Complete())];

    public override void Dispose()
    {
        _file.Abandon();
        _file.Dispose();
    }
}
