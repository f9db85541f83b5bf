using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace GanPipeline.Export.Tests.Networks;

internal sealed class LstmTextEncoder : Module<Tensor, Tensor>
{
    private readonly Embedding _embedding;
    private readonly LSTM _lstm;
    private readonly Linear _linear;

    public LstmTextEncoder() : base(nameof(LstmTextEncoder))
    {
        _embedding = Embedding(100, 16);
        _lstm = LSTM(16, 24, numLayers: 1, batchFirst: true, bidirectional: true);
        _linear = Linear(48, 8);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        var (output, _, _) = _lstm.call(_embedding.call(tokens));
        return _linear.call(output.select(1, -1));
    }
}

internal sealed class GruEncoder : Module<Tensor, Tensor>
{
    private readonly GRU _gru;
    private readonly Linear _linear;

    public GruEncoder() : base(nameof(GruEncoder))
    {
        _gru = GRU(16, 24, numLayers: 2, batchFirst: true);
        _linear = Linear(24, 8);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (_, hidden) = _gru.call(x);
        return _linear.call(hidden[-1]);
    }
}

internal sealed class RnnWithState : Module<Tensor, Tensor, (Tensor, Tensor)>
{
    private readonly RNN _rnn;

    public RnnWithState() : base(nameof(RnnWithState))
    {
        _rnn = RNN(6, 10, numLayers: 2, nonLinearity: NonLinearities.ReLU, bidirectional: true);
        RegisterComponents();
    }

    // [N, T, 6] and [N, 4, 10]: time first is the layer's own order.
    public override (Tensor, Tensor) forward(Tensor x, Tensor state)
    {
        var (output, last) = _rnn.forward(x.transpose(0, 1), state.transpose(0, 1).contiguous());
        return (output.transpose(0, 1), last.transpose(0, 1));
    }
}

internal sealed class UnrolledCells : Module<Tensor, Tensor>
{
    private readonly LSTMCell _lstm;
    private readonly GRUCell _gru;

    public UnrolledCells() : base(nameof(UnrolledCells))
    {
        (_lstm, _gru) = (LSTMCell(8, 12), GRUCell(12, 8));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var state = (zeros(x.shape[0], 12), zeros(x.shape[0], 12));
        var hidden = zeros(x.shape[0], 8);
        for (var t = 0; t < 4; t++)
        {
            state = _lstm.call(x[.., t], state);
            hidden = _gru.call(state.Item1, hidden);
        }
        return hidden;
    }
}

internal sealed class AttentionBlock : Module<Tensor, Tensor>
{
    private readonly MultiheadAttention _attention;
    private readonly LayerNorm _norm;

    public AttentionBlock() : base(nameof(AttentionBlock))
    {
        _attention = MultiheadAttention(16, 4);
        _norm = LayerNorm(16);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var t = x.transpose(0, 1);
        var (output, _) = _attention.call(t, t, t, null, false, null);
        return _norm.call(output.transpose(0, 1) + x);
    }
}

/// <summary>A transformer encoder with positions and a causal mask, written out.</summary>
internal sealed class CausalTransformer : Module<Tensor, Tensor>
{
    private readonly Embedding _tokens, _positions;
    private readonly ModuleList<Block> _blocks;
    private readonly Linear _head;

    public CausalTransformer() : base(nameof(CausalTransformer))
    {
        (_tokens, _positions) = (Embedding(50, 16), Embedding(12, 16));
        _blocks = new ModuleList<Block>(new Block(16, 2), new Block(16, 2));
        _head = Linear(16, 50);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var y = _tokens.call(x) + _positions.call(arange(x.shape[1], dtype: ScalarType.Int64));
        foreach (var block in _blocks) y = block.call(y);
        return _head.call(y);
    }

    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly int _heads;
        private readonly Linear _projections, _output;
        private readonly LayerNorm _norm1, _norm2;
        private readonly Sequential _feedForward;

        public Block(int size, int heads) : base(nameof(Block))
        {
            _heads = heads;
            _projections = Linear(size, 3 * size);
            _output = Linear(size, size);
            (_norm1, _norm2) = (LayerNorm(size), LayerNorm(size));
            _feedForward = Sequential(Linear(size, 4 * size), GELU(), Linear(4 * size, size), Dropout(0.1));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = x + Attend(_norm1.call(x));
            return x + _feedForward.call(_norm2.call(x));
        }

        private Tensor Attend(Tensor x)
        {
            var (n, t, c) = (x.shape[0], x.shape[1], x.shape[2]);
            var parts = _projections.call(x).split(c, dim: 2);
            Tensor Heads(Tensor part) => part.view(n, t, _heads, c / _heads).transpose(1, 2);
            var scores = Heads(parts[0]).matmul(Heads(parts[1]).transpose(-2, -1)) / Math.Sqrt(c / _heads);
            var mask = triu(ones(t, t, dtype: ScalarType.Bool), 1);
            var attention = scores.masked_fill(mask, float.NegativeInfinity).softmax(-1);
            return _output.call(attention.matmul(Heads(parts[2])).transpose(1, 2).contiguous().view(n, t, c));
        }
    }
}

internal sealed class ScaledAttention : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear _query, _memory;

    public ScaledAttention() : base(nameof(ScaledAttention))
    {
        (_query, _memory) = (Linear(8, 8), Linear(6, 16));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor context)
    {
        var both = _memory.call(context).chunk(2, -1);
        return F.scaled_dot_product_attention(_query.call(x), both[0], both[1]);
    }
}

/// <summary>Matching of images and captions, after AttnGAN's DAMSM: words attend to regions.</summary>
internal sealed class WordRegionMatch : Module<Tensor, Tensor, Tensor>
{
    private readonly Conv2d _regions;

    public WordRegionMatch() : base(nameof(WordRegionMatch))
    {
        _regions = Conv2d(4, 8, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image, Tensor words)
    {
        var r = F.normalize(_regions.call(image).flatten(2), dim: 1);
        var w = F.normalize(words, dim: 2);
        var attention = (w.bmm(r) * 5).softmax(2);
        var context = attention.bmm(r.transpose(1, 2));
        return logsumexp(F.cosine_similarity(context, w, 2) * 5, 1) / 5;
    }
}

internal sealed class ConvolutionOverTime : Module<Tensor, Tensor>
{
    private readonly Sequential _main;

    public ConvolutionOverTime() : base(nameof(ConvolutionOverTime))
    {
        _main = Sequential(
            Conv1d(4, 8, 5, padding: 2), BatchNorm1d(8), GLU(1), MaxPool1d(2), Conv1d(4, 8, 3, dilation: 2), PReLU(8),
            AdaptiveAvgPool1d(3L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _main.call(x).flatten(1);
}

internal sealed class Volumes : Module<Tensor, Tensor>
{
    private readonly Sequential _main;

    public Volumes() : base(nameof(Volumes))
    {
        _main = Sequential(
            Conv3d(1, 4, 3, padding: 1), BatchNorm3d(4), ELU(), AvgPool3d(2), ConvTranspose3d(4, 2, 2, stride: 2), InstanceNorm3d(2),
            AdaptiveAvgPool3d(2L));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _main.call(x);
}
