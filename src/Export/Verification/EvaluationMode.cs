using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>Puts modules into evaluation mode without gradients, and each of them back into the mode it was in.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(Module Module, bool Training)> modes = [];
    private readonly IDisposable noGradient = no_grad();

    public EvaluationMode(IEnumerable<Module> roots)
    {
        foreach (var root in roots)
        {
            Remember(root);
            root.eval();
        }
    }

    public void Dispose()
    {
        // train() reaches the children too, so parents go first.
        foreach (var (module, training) in modes)
            if (module.training != training) module.train(training);
        noGradient.Dispose();
    }

    private void Remember(Module module)
    {
        modes.Add((module, module.training));
        foreach (var (_, child) in module.named_children()) Remember(child);
    }
}
