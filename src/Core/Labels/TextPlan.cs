namespace GanPipeline;

/// <summary>
/// Which text each image of a series shows: of n requested texts, image i gets text i mod n; without a request, one of the examples that
/// is drawn by (seed, i).
/// </summary>
internal sealed class TextPlan : ILabelPlan
{
    private readonly Vocabulary _vocabulary;
    private readonly IReadOnlyList<string> _examples, _requested;

    /// <exception cref="ArgumentException">A text has no words; or none is requested, and there are no examples.</exception>
    public TextPlan(Vocabulary vocabulary, IReadOnlyList<string> examples, IReadOnlyList<string>? texts)
    {
        (_vocabulary, _examples, _requested) = (vocabulary, examples, texts ?? []);
        if (_requested.Count == 0 && examples.Count == 0)
            throw new ArgumentException("The generator makes what a text says, and has no examples of its own: give one.");
        var ids = new long[vocabulary.Length];
        foreach (var text in _requested)
        {
            if (vocabulary.Encode(text, ids) == 0) throw new ArgumentException($"The text '{text}' has no words to make an image of.");
        }
    }

    public int Count => Math.Max(1, _requested.Count);

    /// <summary>The text of an image.</summary>
    public string Text(long seed, long image) => _requested.Count > 0 ? _requested[(int)(image % _requested.Count)]
        : _examples[(int)(LabelDraw.Uniform(seed, image, 0) * _examples.Count)];

    /// <summary>The texts' ids, as numbers.</summary>
    public void Fill(long seed, long first, Span<float> vectors)
    {
        var ids = new long[_vocabulary.Length];
        for (var done = 0; done < vectors.Length; done += ids.Length, first++)
        {
            _vocabulary.Encode(Text(seed, first), ids);
            for (var i = 0; i < ids.Length; i++) vectors[done + i] = ids[i];
        }
    }
}
