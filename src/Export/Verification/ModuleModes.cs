using TorchSharp.Modules;
using static TorchSharp.torch;
using Module = TorchSharp.torch.nn.Module;

namespace GanPipeline.Export;

/// <summary>
/// Puts modules into the mode that they are exported in, without gradients, in full float32, and afterwards each of them back into the mode
/// it was in, with the statistics it had.
/// </summary>
internal sealed class ModuleModes : IDisposable
{
    private readonly List<(Module Module, bool Training)> _modes = [];
    private readonly List<(Tensor Buffer, Tensor Before)> _buffers = [];
    private readonly IDisposable _noGradient = no_grad();
    private readonly FullPrecision _fullPrecision;

    /// <param name="roots">The modules, each with those in it.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="dropout">Whether dropout layers are in that mode, too, or drop nothing.</param>
    public ModuleModes(IEnumerable<Module> roots, ExportMode mode, bool dropout = true)
    {
        foreach (var root in roots)
        {
            Remember(root);
            // Running statistics go on with each run in training mode.
            if (mode != ExportMode.Evaluation)
                foreach (var buffer in root.buffers()) _buffers.Add((buffer, buffer.clone().DetachFromDisposeScope()));
            if (mode != ExportMode.Preserve) root.train(mode == ExportMode.Training);
        }
        if (!dropout)
        {
            foreach (var (module, _) in _modes)
                if (module is Dropout or Dropout1d or Dropout2d or Dropout3d) module.eval();
        }
        // Last, so that a module whose train() throws does not leave it taken.
        _fullPrecision = FullPrecision.Take();
    }

    public void Dispose()
    {
        // train() reaches the children too, so parents go first.
        foreach (var (module, training) in _modes)
            if (module.training != training) module.train(training);
        foreach (var (buffer, before) in _buffers)
        {
            buffer.copy_(before);
            before.Dispose();
        }
        _fullPrecision.Dispose();
        _noGradient.Dispose();
    }

    private void Remember(Module module)
    {
        _modes.Add((module, module.training));
        foreach (var (_, child) in module.named_children()) Remember(child);
    }
}
