using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>Training whose numbers have left the finite ones.</summary>
internal static class Divergence
{
    public static TrainingException Of(string what) => new(
        $"Training diverged: {what}. Nothing later than the last checkpoint is kept. " +
        "A lower learning rate helps most often; values that are not numbers in the data do the same harm.");

    /// <summary>Waits for the device and looks at the factors of loss scaling.</summary>
    /// <exception cref="TrainingException">One is below 1: gradients overflow without scaling.</exception>
    /// <returns>True.</returns>
    public static bool RequireScales(IEnumerable<Tensor> scales, long step) => scales.Any(scale => scale.item<float>() < 1)
        ? throw Of($"float16 overflows even without loss scaling at step {step} (take the precision bfloat16 or float32)")
        : true;

    /// <summary>Waits for the device and looks at every number that a checkpoint would hold.</summary>
    /// <exception cref="TrainingException">One of them is not finite; the message names its tensor.</exception>
    public static void RequireFinite(IReadOnlyList<(string Name, Tensor Value)> tensors, long step)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var floats = tensors.Where(tensor => tensor.Value.is_floating_point()).ToArray();
        var finite = stack(floats.Select(tensor => tensor.Value.isfinite().all())).cpu().data<bool>().ToArray();
        var first = Array.IndexOf(finite, false);
        if (first >= 0) throw Of($"the weights '{floats[first].Name}' were not finite after step {step}");
    }
}
