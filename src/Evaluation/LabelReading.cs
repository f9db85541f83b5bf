using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>How often a classifier reads from images what their labels say, attribute by attribute.</summary>
internal sealed class LabelReading
{
    private readonly ClassifierModel _reader;
    private readonly (int Field, int Read, int[] ToField)[] _common;
    private readonly long[] _right;
    private long _count;

    /// <param name="reader">Reads some attributes.</param>
    /// <param name="labels">What images are labelled with; attributes of the same name and with all their values known to the reader count.</param>
    public LabelReading(ClassifierModel reader, LabelLayout labels)
    {
        _reader = reader;
        _common =
        [
            .. from f in Enumerable.Range(0, labels.Fields.Count)
               let field = labels.Fields[f]
               from r in Enumerable.Range(0, reader.Fields.Count)
               let read = reader.Fields[r]
               where read.Name == field.Name && field.Kind != LabelKind.Numeric && field.Values.All(read.Values.Contains)
               select (f, r, field.Kind == LabelKind.Binary ? [0, 1] : read.Values.Select(v => field.Values.ToList().IndexOf(v)).ToArray()),
        ];
        _right = new long[_common.Length];
        Names = [.. _common.Select(c => labels.Fields[c.Field].Name)];
    }

    /// <summary>The attributes that both know.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <param name="images">Of any size.</param>
    /// <param name="values">A value of each field of the labels for each image.</param>
    public void Add(ImageTensor images, IReadOnlyList<float[]> values)
    {
        if (_common.Length == 0) return;
        var read = _reader.Read(AreaResampling.Resize(images, _reader.Height, _reader.Width));
        for (var c = 0; c < _common.Length; c++)
            for (var i = 0; i < images.Count; i++)
                if (_common[c].ToField[read[_common[c].Read][i]] == (int)values[i][_common[c].Field]) _right[c]++;
        _count += images.Count;
    }

    /// <summary>The share of images that show what their labels say, for each of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Shares => [.. _right.Select(r => (double)r / Math.Max(1, _count))];
}
