using Microsoft.ML.OnnxRuntime.Tensors;

namespace GanPipeline.Inference;

/// <summary>A text encoder in ONNX: turns texts into vectors that lie near those of the images they describe.</summary>
/// <remarks>
/// The file has the one input <c>text</c> int64 [N, L], ids of the vocabulary in the metadata (<see cref="ModelMetadata.Vocabulary"/>), and
/// the output <c>embedding</c> float32 [N, D]; N is free. All methods may be called from several threads at once.
/// </remarks>
public sealed class TextEncoderModel : IDisposable
{
    private readonly OnnxModel _model;
    private readonly TensorForm _text, _embedding;

    private TextEncoderModel(OnnxModel model)
    {
        _model = model;
        _text = TensorForm.Find(model.Inputs, "text", TensorElementType.Int64, rank: 2) is { } found && model.Inputs.Count == 1
            ? found
            : throw model.Refuse("takes no texts: it needs the one input text int64 [N, L], with L fixed.");
        _embedding = TensorForm.Find(model.Outputs, "embedding", TensorElementType.Float, rank: 2)
            ?? throw model.Refuse("makes no embeddings: it needs an output embedding float32 [N, D], with D fixed.");
        model.RequireBatch(_text, _embedding);
        Vocabulary = ModelTexts.VocabularyOf(model)
            ?? throw new ModelException($"'{model.Path}' does not say which words it knows: its metadata have no " +
                $"{ModelMetadata.Vocabulary}.");
        if (Vocabulary.Length != _text.RowSize)
            throw new ModelException($"'{model.Path}' takes {_text.RowSize} ids of a text, but its vocabulary gives {Vocabulary.Length}.");
        model.Settle();
    }

    /// <summary>The words or characters that it knows.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>D, the numbers of an embedding.</summary>
    public int EmbeddingSize => _embedding.RowSize;

    /// <summary>The file's metadata; see <see cref="ModelMetadata"/> for the keys.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _model.Metadata;

    /// <summary>Where it runs: <c>cpu</c>, <c>cuda:0</c> and so on.</summary>
    public string Device => _model.Device;

    /// <summary>
    /// Why it runs on the CPU, and not on what <see cref="ModelOptions.Provider"/> asked for; null where it runs there. Only with
    /// <see cref="ModelOptions.FallbackToCpu"/>.
    /// </summary>
    public string? FallbackReason => _model.FallbackReason;

    /// <summary>Opens a text encoder.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">No such file, no ONNX model, or one that takes no texts or does not say which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static TextEncoderModel Load(string path, ModelOptions? options = null) => Of(OnnxModel.Load(path, options, AsIs));

    /// <summary>Opens a text encoder that is in memory.</summary>
    /// <param name="bytes">An ONNX file's content, which is not needed afterwards.</param>
    /// <param name="options">Threads, device, batch size; null means all defaults.</param>
    /// <exception cref="ModelException">As <see cref="Load(string, ModelOptions?)"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static TextEncoderModel Load(byte[] bytes, ModelOptions? options = null) => Of(OnnxModel.Load(bytes, options, AsIs));

    /// <summary>The embedding of a text, [D]. <see cref="Warnings"/> says what it does not understand of it.</summary>
    /// <param name="text">In any case; a word at least.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">The text has no words.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public float[] Embed(string text, CancellationToken cancellationToken = default) => Embed([text], cancellationToken);

    /// <summary>The embeddings of texts, [N, D].</summary>
    /// <param name="texts">In any case; each has a word at least.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">A text has no words.</exception>
    /// <exception cref="ModelException">ONNX Runtime failed.</exception>
    public float[] Embed(IReadOnlyList<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var length = Vocabulary.Length;
        var ids = new long[checked(texts.Count * length)];
        for (var i = 0; i < texts.Count; i++)
        {
            if (Vocabulary.Encode(texts[i], ids.AsSpan(i * length, length)) == 0)
                throw new ArgumentException($"The text '{texts[i]}' has no words to embed.", nameof(texts));
        }
        var embeddings = new float[checked(texts.Count * EmbeddingSize)];
        _model.Run(_text, ids, _embedding, embeddings, texts.Count, cancellationToken);
        return embeddings;
    }

    /// <summary>
    /// What the encoder does not understand of a text, a sentence each: unknown words, with the nearest known one, and words beyond the
    /// longest text. Empty where it understands all.
    /// </summary>
    public IReadOnlyList<string> Warnings(string text) => Vocabulary.Warnings(text);

    /// <summary>Closes the session.</summary>
    public void Dispose() => _model.Dispose();

    private static Adaptation AsIs => (_, _, _) => { };

    private static TextEncoderModel Of(OnnxModel model)
    {
        try
        {
            return new(model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
