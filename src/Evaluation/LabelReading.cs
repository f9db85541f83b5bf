using GanPipeline.Inference;

namespace GanPipeline.Evaluation;

/// <summary>How often a classifier predicts the labels of images, attribute by attribute.</summary>
internal sealed class LabelReading
{
    private readonly ClassifierModel _reader;
    private readonly (int Field, int Read, int[] ToField)[] _common;
    private readonly long[] _right;
    private long _count;

    /// <param name="reader">The classifier.</param>
    /// <param name="labels">The labels of the images. Attributes count whose name and values the classifier knows.</param>
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

    /// <summary>The attributes that both have.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <param name="images">Of any size.</param>
    /// <param name="values">A value of each field of the labels for each image.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    public void Add(ImageTensor images, IReadOnlyList<float[]> values, CancellationToken cancellationToken)
    {
        if (_common.Length == 0) return;
        var read = _reader.Read(AreaResampling.Resize(images, _reader.Height, _reader.Width), cancellationToken);
        for (var c = 0; c < _common.Length; c++)
            for (var i = 0; i < images.Count; i++)
                if (_common[c].ToField[read[_common[c].Read][i]] == (int)values[i][_common[c].Field]) _right[c]++;
        _count += images.Count;
    }

    /// <summary>The share of images whose label is predicted, for each of <see cref="Names"/>.</summary>
    public IReadOnlyList<double> Shares => [.. _right.Select(r => (double)r / Math.Max(1, _count))];
}
