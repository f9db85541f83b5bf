using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Puts the mean over all processes in the place of a network's gradients: they are copied one behind the other into one buffer, which is
/// added up at once.
/// </summary>
/// <remarks>
/// Losses are means over a process's part of the batch, and all parts are of one size, so that the mean of their gradients is the whole
/// batch's.
/// </remarks>
/// <param name="processes">Those that train together.</param>
internal sealed class GradientAverage(ProcessGroup processes) : IDisposable
{
    private Tensor? _buffer;

    /// <param name="gradients">float32, the same parameters' in every process.</param>
    public void Average(Tensor[] gradients)
    {
        if (processes.Size == 1) return;
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var count = gradients.Sum(gradient => gradient.numel());
        if (_buffer?.numel() != count)
        {
            _buffer?.Dispose();
            _buffer = empty(count, dtype: float32, device: gradients[0].device).DetachFromDisposeScope();
        }
        TorchScriptFunctions.Join(gradients, _buffer);
        processes.Sum(_buffer);
        _buffer.div_(processes.Size);
        TorchScriptFunctions.Split(_buffer, gradients);
    }

    public void Dispose() => _buffer?.Dispose();
}
