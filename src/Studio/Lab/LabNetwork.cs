using GanPipeline.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Studio;

/// <summary>A network of dense layers and the optimizer of its weights.</summary>
internal sealed class LabNetwork : IDisposable
{
    private const double Slope = 0.2, Beta1 = 0.5, Beta2 = 0.999;

    // The weights [inputs, outputs] of each layer, then their biases.
    private readonly Parameter[] _parameters;
    private readonly LabActivation _activation;
    private Tensor[] _averages = [];
    private LabOptimizer _optimizer;
    private readonly FusedAdam _adam;

    /// <param name="settings">Its layers.</param>
    /// <param name="inputs">Numbers that it takes.</param>
    /// <param name="outputs">Numbers that it gives.</param>
    /// <param name="seed">Decides its first weights: normal, with a variance of 2 / inputs (He et al. 2015), biases 0.</param>
    public LabNetwork(LabNetworkSettings settings, int inputs, int outputs, long seed)
    {
        using var scope = NewDisposeScope();
        int[] sizes = [inputs, .. Enumerable.Repeat(settings.Width, settings.Layers), outputs];
        var layers = sizes.Length - 1;
        _parameters = new Parameter[2 * layers];
        for (var i = 0; i < layers; i++)
        {
            using var untracked = no_grad();
            var isLast = i == layers - 1;
            var scale = (float)Math.Sqrt((isLast ? 1.0 : 2.0) / sizes[i]);
            var normal = Latents.Normal(seed, first: i, count: 1, sizes[i] * sizes[i + 1]);
            _parameters[i] = Kept(tensor(normal, [sizes[i], sizes[i + 1]]).mul(scale));
            _parameters[layers + i] = Kept(zeros(sizes[i + 1]));
        }
        (_activation, _optimizer) = (settings.Activation, settings.Optimizer);
        _adam = new(_parameters, settings.LearningRate, Beta1, Beta2);
        LearningRate = settings.LearningRate;
    }

    /// <summary>Of its next updates.</summary>
    public double LearningRate { get; set; }

    /// <summary>The Euclidean norm of its gradient in the last update.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>How its weights follow its gradients; another choice forgets the gradients so far.</summary>
    public LabOptimizer Optimizer
    {
        get => _optimizer;
        set
        {
            if (value == _optimizer) return;
            _optimizer = value;
            _adam.Reset();
        }
    }

    /// <summary>All its weights, in one row: for tests.</summary>
    public float[] Weights
    {
        get
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            return cat([.. _parameters.Select(parameter => parameter.reshape(-1))]).data<float>().ToArray();
        }
    }

    /// <param name="points">[N, inputs].</param>
    /// <returns>[N, outputs].</returns>
    public Tensor Call(Tensor points) => Call(points, _parameters);

    /// <summary>As <see cref="Call(Tensor)"/>, by the weights' average; by the weights where there is none.</summary>
    public Tensor CallAveraged(Tensor points) => Call(points, _averages.Length > 0 ? _averages : _parameters);

    /// <summary>Moves the weights' exponential moving average on to the weights of now.</summary>
    /// <param name="decay">What is kept of it; 0 forgets it.</param>
    public void Average(double decay)
    {
        if (decay == 0 && _averages.Length == 0) return;
        using var untracked = no_grad();
        if (_averages.Length == 0) _averages = [.. _parameters.Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];
        else if (decay > 0) TorchScriptFunctions.Lerp(_averages, _parameters, 1 - decay);
        else
        {
            foreach (var average in _averages) average.Dispose();
            _averages = [];
        }
    }

    private Tensor Call(Tensor points, Tensor[] parameters)
    {
        var layers = parameters.Length / 2;
        for (var i = 0; i < layers; i++)
        {
            points = addmm(parameters[layers + i], points, parameters[i], beta: 1, alpha: 1);
            if (i == layers - 1) break;
            points = _activation == LabActivation.Tanh ? points.tanh() : nn.functional.leaky_relu(points, Slope);
        }
        return points;
    }

    /// <summary>Changes the weights against the gradient of a loss.</summary>
    /// <param name="measure">Whether <see cref="GradientNorm"/> is computed.</param>
    public void Update(Tensor loss, bool measure)
    {
        Tensor[] gradients = [.. autograd.grad([loss], [.. _parameters], retain_graph: false)];
        using var untracked = no_grad();
        if (measure) GradientNorm = TorchScriptFunctions.Norm(gradients).item<float>();
        if (_optimizer == LabOptimizer.Adam)
        {
            _adam.LearningRate = LearningRate;
            _adam.Step(gradients);
        }
        else
        {
            for (var i = 0; i < _parameters.Length; i++) _parameters[i].sub_(gradients[i] * LearningRate);
        }
    }

    private static Parameter Kept(Tensor values)
    {
        var parameter = new Parameter(values);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    public void Dispose()
    {
        _adam.Dispose();
        foreach (var tensor in _parameters.Concat(_averages)) tensor.Dispose();
    }
}
