using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Export;

/// <summary>Puts modules into evaluation mode without gradients, in full float32, and each of them back into the mode it was in.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(Module Module, bool Training)> _modes = [];
    private readonly IDisposable _noGradient = no_grad();

    // TensorFloat-32, which CUDA convolutions use by default, keeps ten bits of a number and differs by more than the tolerance.
    private readonly (bool Matmul, bool Convolution) _tensorFloat = (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32);

    public EvaluationMode(IEnumerable<Module> roots)
    {
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (false, false);
        foreach (var root in roots)
        {
            Remember(root);
            root.eval();
        }
    }

    public void Dispose()
    {
        // train() reaches the children too, so parents go first.
        foreach (var (module, training) in _modes)
            if (module.training != training) module.train(training);
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = _tensorFloat;
        _noGradient.Dispose();
    }

    private void Remember(Module module)
    {
        _modes.Add((module, module.training));
        foreach (var (_, child) in module.named_children()) Remember(child);
    }
}
