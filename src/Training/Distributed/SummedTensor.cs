using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// The sum of a tensor over all processes, through which gradients flow: each process's loss may depend on the sum, so that the gradient
/// by a process's own tensor is the sum of all processes' gradients by the sum. It can be differentiated any number of times.
/// </summary>
internal sealed class SummedTensor : autograd.SingleTensorFunction<SummedTensor>
{
    private const string Processes = "processes";

    public override string Name => nameof(SummedTensor);

    /// <param name="tensor">float32, of the same shape in all processes.</param>
    /// <param name="processes">Those that train together.</param>
    public static Tensor Of(Tensor tensor, ProcessGroup processes) => apply(tensor, processes);

    /// <summary>The vectors of all processes [K] as rows, [processes, K].</summary>
    public static Tensor Rows(Tensor vector, ProcessGroup processes)
    {
        using var before = zeros(processes.Rank, vector.shape[0], dtype: vector.dtype, device: vector.device);
        using var after = zeros(processes.Size - processes.Rank - 1, vector.shape[0], dtype: vector.dtype, device: vector.device);
        return Of(cat([before, vector.unsqueeze(0), after], 0), processes);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var processes = (ProcessGroup)vars[1];
        ctx.save_data(Processes, processes);
        var sum = ((Tensor)vars[0]).detach().clone();
        processes.Sum(sum);
        return sum;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [Of(grad_output.contiguous(), (ProcessGroup)ctx.get_data(Processes)), null!];
}
