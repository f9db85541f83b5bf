using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Adam (Kingma, Ba 2015) as libtorch's fused kernel computes it: one pass over parameter, gradient and moments, where TorchSharp's Adam
/// makes a call, and a pass over the memory, for each term. Parameters without a gradient are left as they are.
/// </summary>
internal sealed class FusedAdam : IDisposable
{
    private readonly double _beta1;
    private readonly double _epsilon;
    private readonly GradientAverage? _average;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly Tensor[] _steps;

    /// <param name="parameters">What it changes, on their device.</param>
    /// <param name="learningRate">Above 0.</param>
    /// <param name="beta1">Decay of the mean gradient, 0 to below 1.</param>
    /// <param name="beta2">Decay of the mean squared gradient, 0 to below 1.</param>
    /// <param name="epsilon">Above 0.</param>
    /// <param name="average">Averages the gradients over the processes that train together; null where there is one.</param>
    public FusedAdam(IEnumerable<Parameter> parameters, double learningRate, double beta1 = 0.9, double beta2 = 0.999,
        double epsilon = 1e-8, GradientAverage? average = null)
    {
        using var scope = NewDisposeScope();
        Parameters = [.. parameters];
        LearningRate = learningRate;
        (_beta1, Beta2, _epsilon, _average) = (beta1, beta2, epsilon, average);
        _means = [.. Parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
        _squares = [.. Parameters.Select(parameter => zeros_like(parameter).DetachFromDisposeScope())];
        _steps = [.. Parameters.Select(parameter => zeros([], dtype: float32, device: parameter.device).DetachFromDisposeScope())];
    }

    /// <summary>What it changes.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The learning rate of the next step.</summary>
    public double LearningRate { get; set; }

    /// <summary>The decay of the mean squared gradient in the next step.</summary>
    public double Beta2 { get; set; }

    /// <summary>The parameters' states in their order: the moving averages of gradient and squared gradient, and steps done.</summary>
    public IEnumerable<(Tensor Mean, Tensor Square, Tensor Steps)> States => _means.Zip(_squares, _steps);

    /// <summary>Changes the parameters by their gradients.</summary>
    /// <param name="scale">What the gradients were multiplied by; null where they were not.</param>
    public void Step(LossScale? scale = null)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var (indices, gradients) = Gradients();
        if (gradients.Length == 0) return;
        _average?.Average(gradients);
        scale?.Unscale(gradients);
        TorchScriptFunctions.Adam(Of(indices, Parameters), gradients, Of(indices, _means), Of(indices, _squares), Of(indices, _steps),
            scale?.Skips, LearningRate, _beta1, Beta2, _epsilon);
        scale?.Update();
    }

    /// <summary>Changes the parameters by gradients that are given, one for each in their order.</summary>
    public void Step(Tensor[] gradients)
    {
        using var untracked = no_grad();
        TorchScriptFunctions.Adam([.. Parameters], gradients, _means, _squares, _steps, skips: null, LearningRate, _beta1, Beta2, _epsilon);
    }

    /// <summary>Forgets all gradients so far.</summary>
    public void Reset()
    {
        using var untracked = no_grad();
        foreach (var tensor in (Tensor[])[.. _means, .. _squares, .. _steps]) tensor.zero_();
    }

    /// <summary>The Euclidean norm of the gradients of all parameters together, a scalar on their device.</summary>
    public Tensor GradientNorm()
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var gradients = Gradients().Gradients;
        return (gradients.Length == 0 ? zeros([], device: Parameters[0].device) : TorchScriptFunctions.Norm(gradients))
            .MoveToOuterDisposeScope();
    }

    private (int[] Indices, Tensor[] Gradients) Gradients()
    {
        var gradients = Parameters.Select(parameter => parameter.grad).ToArray();
        var indices = Enumerable.Range(0, gradients.Length).Where(index => gradients[index] is not null).ToArray();
        return (indices, [.. gradients.OfType<Tensor>()]);
    }

    private static Tensor[] Of(int[] indices, IReadOnlyList<Tensor> tensors) => Array.ConvertAll(indices, index => tensors[index]);

    /// <summary>Frees the moments; the parameters stay.</summary>
    public void Dispose()
    {
        _average?.Dispose();
        foreach (var tensor in (Tensor[])[.. _means, .. _squares, .. _steps]) tensor.Dispose();
    }
}
