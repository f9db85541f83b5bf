using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Operators of ATen that TorchSharp has no method for, or that cost one call here instead of one for each tensor. They are called through
/// TorchScript, and work on the tensors' device; gradients are not tracked where the caller says so.
/// </summary>
internal static class TorchScriptFunctions
{
    // A dtype and a memory format are their numbers in TorchScript: 6 is float32, 2 is channels last. The text ends with an empty line.
    private const string Source = """
        def adam(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                 skips: Optional[Tensor], rate: float, beta1: float, beta2: float, epsilon: float) -> int:
            none: List[Tensor] = []
            torch._foreach_add_(steps, 1)
            torch._fused_adam_(parameters, gradients, means, squares, none, steps, lr=rate, beta1=beta1, beta2=beta2, weight_decay=0.0,
                               eps=epsilon, amsgrad=False, maximize=False, grad_scale=None, found_inf=skips)
            if skips is not None:
                torch._foreach_sub_(steps, [skips] * len(steps))
            return 0

        def unscale(gradients: List[Tensor], skips: Tensor, factor: Tensor) -> int:
            skips.zero_()
            torch._amp_foreach_non_finite_check_and_unscale_(gradients, skips, factor.reciprocal())
            return 0

        def update_scale(factor: Tensor, clean_steps: Tensor, skips: Tensor) -> int:
            torch._amp_update_scale_(factor, clean_steps, skips, 2.0, 0.5, 2000)
            return 0

        def channels_last(tensor: Tensor) -> int:
            tensor.set_(tensor.contiguous(memory_format=2))
            return 0

        def pinned(count: int, dtype: int) -> Tensor:
            return torch.empty([count], dtype=dtype, pin_memory=True)

        def lerp(averages: List[Tensor], values: List[Tensor], weight: float) -> int:
            torch._foreach_lerp_(averages, values, weight)
            return 0

        def join(tensors: List[Tensor], buffer: Tensor) -> int:
            torch.cat([tensor.reshape(-1) for tensor in tensors], 0, out=buffer)
            return 0

        def split(buffer: Tensor, tensors: List[Tensor]) -> int:
            first = 0
            for tensor in tensors:
                tensor.copy_(buffer.narrow(0, first, tensor.numel()).view(tensor.shape))
                first += tensor.numel()
            return 0

        def norm(tensors: List[Tensor]) -> Tensor:
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors, 2)))

        def step_row(losses: List[Tensor], real: Tensor, generated: Tensor, halfway: bool, boundary: float,
                     others: List[Tensor]) -> Tensor:
            middle = (real.mean() + generated.mean()) / 2 if halfway else torch.full([], boundary, dtype=6, device=real.device)
            return torch.stack(losses + [real.gt(middle).to(6).mean(), generated.lt(middle).to(6).mean()] + others)

        """;

    private static readonly Lazy<jit.CompilationUnit> _functions = new(() => jit.compile(Source));

    /// <summary>One step of Adam (Kingma, Ba 2015) on all parameters, in place.</summary>
    /// <param name="parameters">What is changed.</param>
    /// <param name="gradients">A gradient for each parameter, of its shape and memory layout.</param>
    /// <param name="means">The moving averages of the gradients.</param>
    /// <param name="squares">The moving averages of their squares.</param>
    /// <param name="steps">Steps done before this one, float32 scalars on the parameters' device; counted up.</param>
    /// <param name="skips">A scalar that is 1 where nothing is to change, else 0; null never.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">Decay of the means.</param>
    /// <param name="beta2">Decay of the squares.</param>
    /// <param name="epsilon">Added to the square root.</param>
    public static void Adam(Tensor[] parameters, Tensor[] gradients, Tensor[] means, Tensor[] squares, Tensor[] steps,
        Tensor? skips, double rate, double beta1, double beta2, double epsilon) =>
        _functions.Value.invoke("adam", parameters, gradients, means, squares, steps, skips!, rate, beta1, beta2, epsilon);

    /// <summary>
    /// Divides gradients by a factor in place, and sets <paramref name="skips"/> to 1 where one is not finite, else to 0.
    /// </summary>
    public static void Unscale(Tensor[] gradients, Tensor skips, Tensor factor) =>
        _functions.Value.invoke("unscale", gradients, (object)skips, factor);

    /// <summary>Halves the factor where <paramref name="skips"/> is 1; doubles it after 2,000 calls without.</summary>
    /// <param name="factor">A float32 scalar.</param>
    /// <param name="cleanSteps">Calls without since the last change, an int32 scalar.</param>
    /// <param name="skips">A float32 scalar.</param>
    public static void UpdateScale(Tensor factor, Tensor cleanSteps, Tensor skips) =>
        _functions.Value.invoke("update_scale", (object)factor, cleanSteps, skips);

    /// <summary>Moves a tensor's numbers [N, C, H, W] so that the channels of a place lie side by side.</summary>
    public static void ChannelsLast(Tensor tensor) => _functions.Value.invoke("channels_last", (object)tensor);

    /// <summary>A vector that a GPU can read by itself. Its memory is not used again before a copy out of it has ended.</summary>
    public static Tensor Pinned(long count, ScalarType type) => (Tensor)_functions.Value.invoke("pinned", count, (long)type);

    /// <summary>Moves each average by a share of its distance from its value, in place.</summary>
    public static void Lerp(Tensor[] averages, Tensor[] values, double weight) => _functions.Value.invoke("lerp", averages, values, weight);

    /// <summary>Copies tensors' numbers into a vector, one behind the other.</summary>
    /// <param name="tensors">Of one type and device.</param>
    /// <param name="buffer">Of the same, with as many numbers as all of them together.</param>
    public static void Join(Tensor[] tensors, Tensor buffer) => _functions.Value.invoke("join", tensors, (object)buffer);

    /// <summary>Copies the numbers of a vector back into the tensors that <see cref="Join"/> took them from.</summary>
    public static void Split(Tensor buffer, Tensor[] tensors) => _functions.Value.invoke("split", (object)buffer, tensors);

    /// <summary>The Euclidean norm of all tensors' numbers together, a scalar on their device.</summary>
    public static Tensor Norm(Tensor[] tensors) => (Tensor)_functions.Value.invoke("norm", (object)tensors);

    /// <summary>A line of a training's metrics before they are averaged, [losses + 2 + others].</summary>
    /// <param name="losses">Scalars.</param>
    /// <param name="real">The discriminator's outputs for real images, [N, 1].</param>
    /// <param name="generated">Its outputs for generated images, [N, 1].</param>
    /// <param name="boundary">The output above which an image is taken for real, by which the shares of right outputs are counted; null is
    /// halfway between the means of both halves.</param>
    /// <param name="others">More scalars.</param>
    public static Tensor StepRow(Tensor[] losses, Tensor real, Tensor generated, double? boundary, Tensor[] others) =>
        (Tensor)_functions.Value.invoke("step_row", losses, (object)real, (object)generated, boundary is null, boundary ?? 0.0, others);
}
