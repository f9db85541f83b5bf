#nullable disable
namespace TorchSharp.Modules;

/// <summary>What an optimiser was told, for one group of parameters.</summary>
public class OptimizerOptions
{
    public double? LearningRate { get; set; }

    /// <summary>Where a schedule starts from.</summary>
    public double InitialLearningRate { get; set; }

    internal virtual void Load(OptimizerOptions source)
    {
        LearningRate = source.LearningRate;
        InitialLearningRate = source.InitialLearningRate;
    }
}

/// <summary>What an optimiser remembers of one parameter. Its tensors belong to the optimiser and not to a dispose scope.</summary>
public abstract class OptimizerState
{
    private protected OptimizerState()
    {
    }

    internal abstract void Load(OptimizerState source);

    internal abstract void Free();

    private protected static torch.Tensor Zeros(Parameter parameter)
    {
        using var gradients = torch.no_grad();
        return torch.zeros_like(parameter).DetachFromDisposeScope();
    }
}

/// <summary>Parameters that an optimiser treats alike.</summary>
public class ParamGroup : torch.optim.ILearningRateController
{
    public IEnumerable<Parameter> Parameters { get; set; }

    public OptimizerOptions Options { get; set; }

    public double LearningRate
    {
        get => Options.LearningRate.Value;
        set => Options.LearningRate = value;
    }

    public double InitialLearningRate
    {
        get => Options.InitialLearningRate;
        set => Options.InitialLearningRate = value;
    }
}

public class ParamGroup<TOptions> : ParamGroup where TOptions : OptimizerOptions
{
    public ParamGroup(IEnumerable<Parameter> parameters, TOptions options = null)
    {
        Parameters = [.. parameters];
        Options = options;
    }

    public new TOptions Options
    {
        get => (TOptions)base.Options;
        set => base.Options = value;
    }
}
