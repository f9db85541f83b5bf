using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>A network's size as Keras counts it: the moving statistics of batch normalisation count, its step counter does not.</summary>
/// <param name="Trainable">Numbers that gradients change.</param>
/// <param name="MovingStatistics">Moving means and variances.</param>
public readonly record struct ParameterCount(long Trainable, long MovingStatistics)
{
    /// <summary>All of them, which is the number that Keras' summaries and the literature quote.</summary>
    public long Total => Trainable + MovingStatistics;

    /// <summary>Counts a network's parameters and floating-point buffers.</summary>
    public static ParameterCount Count(Module network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new(
            network.parameters().Sum(parameter => parameter.numel()),
            network.buffers().Where(buffer => buffer.is_floating_point()).Sum(buffer => buffer.numel()));
    }
}
