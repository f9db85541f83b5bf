using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// Spectral normalisation (Miyato et al. 2018) of all convolutions and linear layers of a network: each works with W / sigma, where sigma
/// is the largest singular value of the weights W as a matrix of one row an output, found by one round of power iteration an update.
/// </summary>
/// <remarks>
/// The network's own parameters hold W / sigma, so that it is a plain network wherever it is used, saved or exported. W itself lives
/// here, and is what the optimiser changes. By the loss's gradient G towards W / sigma, W's is (G - (G · W / sigma) u vᵀ) / sigma, the
/// paper's equation 12: that through sigma included.
/// </remarks>
internal sealed class SpectralNormalization : IDisposable
{
    private const int FirstRounds = 15;
    private const double Least = 1e-12;

    private readonly Layer[] _layers;

    /// <summary>Takes the network's weights as W, and normalises them in the network.</summary>
    /// <param name="network">On its device.</param>
    /// <param name="seed">Chooses where the power iteration begins.</param>
    public SpectralNormalization(Module<Tensor, Tensor> network, long seed)
    {
        using var untracked = no_grad();
        RandomSeeds.Use(seed, RandomSeeds.PowerIteration);
        var weights = network.modules().OfType<Module<Tensor, Tensor>>().Select(module => module switch
        {
            Conv2d convolution => convolution.weight,
            Linear linear => linear.weight,
            _ => null,
        }).OfType<Parameter>().ToHashSet(ReferenceEqualityComparer.Instance);
        var parameters = network.named_parameters().ToArray();
        _layers = [.. parameters.Where(p => weights.Contains(p.parameter)).Select(p => new Layer(p.name, p.parameter))];
        foreach (var layer in _layers) layer.Normalize(FirstRounds);
        Parameters = [.. parameters.Select(p => _layers.FirstOrDefault(layer => ReferenceEquals(layer.Normalized, p.parameter))?.Weights
            ?? p.parameter)];
    }

    /// <summary>What the optimiser changes: the network's parameters in their order, W in place of what is normalised.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>What a checkpoint holds.</summary>
    public IEnumerable<(string Name, Tensor Value)> State => _layers.SelectMany(layer => new (string, Tensor)[]
    {
        (layer.Name, layer.Weights), (layer.Name + ".u", layer.U), (layer.Name + ".v", layer.V),
    });

    /// <summary>After a backward pass: the gradients of W from those of the network's parameters.</summary>
    public void PassGradients()
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        foreach (var layer in _layers) layer.PassGradient();
    }

    /// <summary>After W has changed: another round of power iteration, and the network's parameters from W.</summary>
    public void Normalize()
    {
        using var untracked = no_grad();
        foreach (var layer in _layers) layer.Normalize(rounds: 1);
    }

    public void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
    }

    private sealed class Layer : IDisposable
    {
        public Layer(string name, Parameter normalized)
        {
            using var scope = NewDisposeScope();
            Name = name;
            Normalized = normalized;
            Weights = (Parameter)new Parameter(normalized.detach().clone()).DetachFromDisposeScope();
            U = Unit(randn(Matrix.shape[0], dtype: normalized.dtype, device: normalized.device)).DetachFromDisposeScope();
            V = zeros(Matrix.shape[1], dtype: normalized.dtype, device: normalized.device).DetachFromDisposeScope();
        }

        public string Name { get; }
        public Parameter Normalized { get; }
        public Parameter Weights { get; }
        public Tensor U { get; }
        public Tensor V { get; }

        private Tensor Matrix => Weights.detach().flatten(1);

        private Tensor Sigma => (U * Matrix.matmul(V)).sum();

        public void Normalize(int rounds)
        {
            using var scope = NewDisposeScope();
            for (var round = 0; round < rounds; round++)
            {
                V.copy_(Unit(Matrix.transpose(0, 1).matmul(U)));
                U.copy_(Unit(Matrix.matmul(V)));
            }
            Normalized.copy_(Weights / Sigma);
        }

        public void PassGradient()
        {
            if (Normalized.grad is not { } gradient) return;
            var along = (gradient * Normalized).sum();
            var outer = U.unsqueeze(1) * V.unsqueeze(0);
            Weights.grad = (gradient - along * outer.view(gradient.shape)) / Sigma;
        }

        private static Tensor Unit(Tensor vector) => vector / linalg.vector_norm(vector).clamp_min(Least);

        public void Dispose()
        {
            Weights.Dispose();
            U.Dispose();
            V.Dispose();
        }
    }
}
