using System.Reflection;
using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>Calls a module of any number of inputs and outputs.</summary>
internal sealed class ModuleCall
{
    private readonly MethodInfo _forward;

    /// <exception cref="ExportException">The module has no forward of so many tensors.</exception>
    public ModuleCall(Module module, IReadOnlyList<ModelInput> inputs)
    {
        (Module, Inputs) = (module, inputs);
        _forward = Recorder.Forward(module.GetType(), inputs.Count) ?? throw new ExportException(
            $"The network ({module.GetType()}) has no forward() that takes {inputs.Count} tensors and nothing else that must be given.");
    }

    public Module Module { get; }

    public IReadOnlyList<ModelInput> Inputs { get; }

    /// <summary>How many tensors the module returns.</summary>
    public int OutputCount(ExportMode mode)
    {
        using var finalizers = new FinalizerPause();
        finalizers.Hold();
        using var modes = new ModuleModes([Module], mode);
        using var scope = NewDisposeScope();
        var device = Module.parameters().Concat(Module.buffers()).FirstOrDefault()?.device ?? CPU;
        try
        {
            return Run([.. Inputs.Select(input => Recording.Example(input, 2).to(device))]).Length;
        }
        catch (Exception e) when (e is not ExportException)
        {
            var shapes = Inputs.Select(input => $"{input.Name} [{string.Join(", ", (long[])[2, .. input.Shape])}]");
            throw new ExportException($"The network itself fails on {string.Join(", ", shapes)}: {TorchError.Text(e)}", e);
        }
    }

    /// <summary>The module's results.</summary>
    public Tensor[] Run(Tensor[] inputs)
    {
        var result = _forward.Invoke(Module, BindingFlags.DoNotWrapExceptions, null, Recorder.Complete(_forward, inputs), null);
        return [.. Recorder.Tensors(result).OfType<Tensor>()];
    }
}
