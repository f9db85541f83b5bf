using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Ids of texts, int64 [N, L], to embeddings [N, D]: an embedding of each token, convolutions where there are some, a recurrent layer, the
/// mean of its states or the last one, a dense layer. Padding changes nothing, however much of it there is.
/// </summary>
internal sealed class TextNetwork : Module<Tensor, Tensor>
{
    private readonly Embedding _tokens;
    private readonly Conv1d[] _convolutions;
    private readonly GRU _recurrent;
    private readonly Linear _embedding;
    private readonly TextPooling _pooling;

    public TextNetwork(TextEncoderOptions options) : base("text")
    {
        _pooling = options.Pooling;
        _tokens = Embedding(options.Vocabulary.Size, options.TokenSize);
        _convolutions = [.. Enumerable.Range(0, options.Convolutions)
            .Select(_ => Conv1d(options.TokenSize, options.TokenSize, 3, padding: 1))];
        _recurrent = GRU(options.TokenSize, options.StateSize, batchFirst: true);
        _embedding = Linear(options.StateSize, options.EmbeddingSize);
        register_module("tokens", _tokens);
        for (var i = 0; i < _convolutions.Length; i++) register_module($"convolution{i + 1}", _convolutions[i]);
        register_module("recurrent", _recurrent);
        register_module("embedding", _embedding);
    }

    public override Tensor forward(Tensor ids)
    {
        var x = _tokens.call(ids).transpose(1, 2); // [N, size, L]
        var mask = ids.ne(Vocabulary.Padding).to(x.dtype).unsqueeze(1); // 1 where there is a token, [N, 1, L]
        foreach (var convolution in _convolutions)
        {
            // What lies behind the end is zero in every layer.
            x = functional.max_pool1d(functional.relu(convolution.call(x * mask)) * mask, 2, ceil_mode: true);
            mask = functional.max_pool1d(mask, 2, ceil_mode: true);
        }
        var (states, _) = _recurrent.call((x * mask).transpose(1, 2)); // [N, L, size]
        var weights = mask.squeeze(1);
        if (_pooling == TextPooling.Last) weights = weights - functional.pad(weights.narrow(1, 1, weights.shape[1] - 1), [0, 1]);
        var sum = (states * weights.unsqueeze(2)).sum(1);
        return _embedding.call(_pooling == TextPooling.Last ? sum : sum / weights.sum(1, keepdim: true).clamp_min(1));
    }
}
