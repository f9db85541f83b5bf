#nullable disable
namespace TorchSharp.Modules;

/// <summary>An optimiser that keeps a state for every parameter, from its construction on.</summary>
public abstract class OptimizerHelper : torch.optim.Optimizer
{
    private readonly Dictionary<Parameter, OptimizerState> _states = new(ReferenceEqualityComparer.Instance);

    private protected OptimizerHelper()
    {
    }

    private protected void Add(ParamGroup group, Func<Parameter, OptimizerState> state)
    {
        foreach (var parameter in group.Parameters)
            if (!_states.TryAdd(parameter, state(parameter)))
                throw new ArgumentException("A parameter appears more than once among those to optimise.");
        Groups.Add(group);
    }

    /// <summary>The parameters of the group that have a gradient, with it and their state.</summary>
    private protected List<(Parameter Parameter, torch.Tensor Gradient, TState State)> WithGradients<TState>(ParamGroup group)
        where TState : OptimizerState
    {
        var result = new List<(Parameter, torch.Tensor, TState)>();
        foreach (var parameter in group.Parameters)
            if (parameter.grad is { } gradient) result.Add((parameter, gradient, (TState)_states[parameter]));
        return result;
    }

    /// <summary>The states themselves, not copies.</summary>
    public virtual StateDictionary state_dict()
    {
        var result = new StateDictionary();
        foreach (var group in Groups)
        {
            result.Options.Add(group.Options);
            result.State.AddRange(group.Parameters.Select(parameter => _states[parameter]));
        }
        return result;
    }

    /// <summary>Takes over a copy of those states, and those options.</summary>
    /// <exception cref="ArgumentException">Another number of groups or parameters than this optimiser has.</exception>
    public virtual void load_state_dict(StateDictionary state_dict)
    {
        var own = this.state_dict();
        if (state_dict.Options.Count != own.Options.Count || state_dict.State.Count != own.State.Count)
            throw new ArgumentException($"The state is of {state_dict.Options.Count} groups and {state_dict.State.Count} parameters; "
                + $"this optimiser has {own.Options.Count} and {own.State.Count}.", nameof(state_dict));
        for (var i = 0; i < own.Options.Count; i++) own.Options[i].Load(state_dict.Options[i]);
        using var gradients = torch.no_grad();
        for (var i = 0; i < own.State.Count; i++) own.State[i].Load(state_dict.State[i]);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var state in _states.Values) state.Free();
        base.Dispose(disposing);
    }
}
