using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The memory of a training step. Without a look at it first, a batch that is much too large ends the whole process: the system gives
/// memory out that it has not got, and kills who uses it.
/// </summary>
internal static class StepMemory
{
    private const string Advice = "A smaller batch size or fewer filters need less, and so do smaller images.";

    // A weight, its gradient, and Adam's two moments.
    private const int PerParameter = 4 * sizeof(float);

    private static readonly string[] _words = ["can't allocate memory", "not enough memory", "out of memory"];

    /// <summary>Refuses what cannot fit; what may fit is tried.</summary>
    /// <exception cref="TrainingException">A step needs more memory than there is.</exception>
    public static void Require(GanNetworks networks, int batchSize, Device device)
    {
        if (device.type != DeviceType.CPU) return; // A GPU's own allocator throws in time.
        Require(AtLeast(networks, batchSize), batchSize);
    }

    /// <summary>As for a GAN, for networks that take each other's outputs, the first of them images.</summary>
    /// <exception cref="TrainingException">A step needs more memory than there is.</exception>
    public static void Require(Module<Tensor, Tensor>[] networks, ImageShape shape, int batchSize, Device device)
    {
        if (device.type != DeviceType.CPU) return;
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var image = zeros(1, shape.Channels, shape.Height, shape.Width, device: device);
        var perImage = Measure(networks, () => _ = networks.Aggregate(image, (x, network) => network.call(x)));
        Require(PerParameter * Parameters(networks) + batchSize * perImage, batchSize);
    }

    /// <summary>
    /// Bytes that a step needs at least: weights, gradients, Adam's moments, and what the layers keep of a batch for the backward pass, of
    /// one pass of the generator and of the discriminator's passes over real and generated images.
    /// </summary>
    public static long AtLeast(GanNetworks networks, int batchSize)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var device = networks.Generator.parameters().First().device;
        var labels = networks.LabelSize == 0 ? null : zeros(1, networks.LabelSize, device: device);
        Tensor? image = null;
        var shape = networks.PairShape;
        var condition = networks.Batch(zeros(1, shape.Channels, shape.Height, shape.Width, device: device)).Condition;
        var generator = Measure([networks.Generator], () => image = !networks.Translates
            ? networks.Generate(zeros(1, networks.LatentSize, device: device), labels)
            : networks.Cycles ? networks.Generator.call(zeros(1, shape.Channels, shape.Height, shape.Width, device: device))
            : networks.Translate(condition!));
        var discriminator = Measure([networks.Discriminator], () => networks.Discriminate(image!, labels, condition));
        // There and back.
        var passes = networks.Cycles ? 2 : 1;
        return PerParameter * Parameters(networks.Generator, networks.Discriminator)
            + batchSize * (passes * generator + 2 * discriminator);
    }

    /// <summary>Does work that libtorch may have no memory for.</summary>
    /// <exception cref="TrainingException">It had none; the message says what would need less.</exception>
    public static T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is OutOfMemoryException || (e is ExternalException && IsOutOfMemory(e.Message)))
        {
            throw new TrainingException($"There is not enough memory for a step of this training. {Advice}", e);
        }
    }

    /// <summary>libtorch's words for it, on a CPU and on a GPU.</summary>
    internal static bool IsOutOfMemory(string message) =>
        _words.Any(words => message.Contains(words, StringComparison.Ordinal));

    private static void Require(long needed, int batchSize)
    {
        // What the process may have: the machine's memory, or a container's share of it.
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (needed <= available) return;
        throw new TrainingException(FormattableString.Invariant(
            $"A step with {batchSize:N0} images needs at least {needed / 1e9:0.#} GB of memory, and there are {available / 1e9:0.#} GB. ")
            + Advice);
    }

    private static long Parameters(params Module[] networks) => networks.Sum(n => n.parameters().Sum(p => p.numel()));

    /// <summary>
    /// The bytes that the layers with weights give of one image. Each next layer keeps them; activations may change them in place.
    /// </summary>
    private static long Measure(Module[] networks, Action pass)
    {
        long bytes = 0;
        var hooks = networks.SelectMany(n => n.modules()).OfType<Module<Tensor, Tensor>>().Where(m => m.parameters(recurse: false).Any())
            .Select(layer => layer.register_forward_hook((_, _, output) =>
            {
                bytes += output.numel() * output.element_size();
                return output;
            }))
            .ToArray();
        try
        {
            // In evaluation mode nothing is changed: neither moving statistics nor random numbers.
            foreach (var network in networks) network.eval();
            pass();
        }
        finally
        {
            foreach (var network in networks) network.train();
            foreach (var hook in hooks) hook.remove();
        }
        return bytes;
    }
}
