namespace TorchSharp.Modules;

/// <summary>A layer that holds no parameters, buffers or submodules.</summary>
public abstract class ParameterLessModule<T1, TResult> : torch.nn.Module<T1, TResult>
{
    protected ParameterLessModule(string name) : base(name)
    {
    }
}
