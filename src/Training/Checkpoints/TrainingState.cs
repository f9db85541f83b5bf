using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>
/// The tensors of a training, by the names that its checkpoints give them: <c>generator.</c>, <c>discriminator.</c> and
/// <c>average.</c> before the networks' own names, and <c>optimizer.generator.</c> and <c>optimizer.discriminator.</c> before the
/// parameters' names for the state of each Adam; besides, what is the step's own: <c>augmentation.</c> and <c>spectral.discriminator.</c>.
/// </summary>
internal static class TrainingState
{
    public const string Generator = "generator.";
    public const string Discriminator = "discriminator.";
    public const string Average = "average.";
    private const string Optimizer = "optimizer.";

    /// <summary>The live tensors of a network, parameters and buffers.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Of(string prefix, Module<Tensor, Tensor> network) =>
        network.state_dict().Select(entry => (prefix + entry.Key, entry.Value));

    /// <summary>All live tensors but the optimisers'.</summary>
    public static List<(string Name, Tensor Value)> Tensors(GanNetworks networks, GanStep step, AveragedGenerator? average) =>
    [
        .. Of(Generator, networks.Generator),
        .. Of(Discriminator, networks.Discriminator),
        .. average is null ? [] : Of(Average, average.Network),
        .. step.State,
    ];

    /// <summary>The optimisers' states.</summary>
    public static OptimizerState[] Optimizers(GanNetworks networks, GanStep step) =>
    [
        Of(Optimizer + Generator, networks.Generator, step.GeneratorOptimizer),
        Of(Optimizer + Discriminator, networks.Discriminator, step.DiscriminatorOptimizer),
    ];

    /// <summary>Gives every process the first one's state: all that a checkpoint holds.</summary>
    public static void Share(ProcessGroup processes, GanNetworks networks, GanStep step, AveragedGenerator? average) => processes.Broadcast(
    [
        .. Tensors(networks, step, average).Select(tensor => tensor.Value),
        .. new[] { step.GeneratorOptimizer, step.DiscriminatorOptimizer }
            .SelectMany(optimizer => optimizer.States).SelectMany(state => new[] { state.Mean, state.Square, state.Steps }),
    ]);

    /// <summary>
    /// Machines of different kinds may round differently, so that weights drift apart. Where they have, every process gets the first one's
    /// state.
    /// </summary>
    /// <returns>Whether they had.</returns>
    public static bool Rejoin(ProcessGroup processes, GanNetworks networks, GanStep step, AveragedGenerator? average)
    {
        if (processes.AreSame(networks.Generator.parameters().Concat(networks.Discriminator.parameters()))) return false;
        Share(processes, networks, step, average);
        return true;
    }

    /// <summary>Reads everything that <see cref="Tensors"/> and <see cref="Optimizers"/> name.</summary>
    public static void Load(SafeTensorsFile file, string path, GanNetworks networks, GanStep step, AveragedGenerator? average)
    {
        Load(file, path, Tensors(networks, step, average));
        foreach (var optimizer in Optimizers(networks, step)) optimizer.Load(file, path);
    }

    /// <summary>Reads some tensors by name, after checking that all are there and of the right form.</summary>
    public static void Load(SafeTensorsFile file, string path, IReadOnlyList<(string Name, Tensor Value)> tensors)
    {
        foreach (var (name, target, entry) in tensors.Select(tensor =>
            (tensor.Name, tensor.Value, Find(file, path, tensor.Name, tensor.Value))).ToArray())
            file.CopyTo(entry, target);
    }

    private static SafeTensorsEntry Find(SafeTensorsFile file, string path, string name, Tensor target)
    {
        if (!file.Entries.TryGetValue(name, out var entry))
            throw new CheckpointException($"'{path}' lacks the tensor '{name}', which this network has.");
        if (entry.Type != target.dtype || !entry.Shape.AsSpan().SequenceEqual(target.shape))
            throw new CheckpointException($"In '{path}' the tensor '{name}' is {Form(entry.Type, entry.Shape)}, but this network's is " +
                $"{Form(target.dtype, target.shape)}.");
        return entry;
    }

    private static string Form(ScalarType type, long[] shape) => $"{type} [{string.Join(", ", shape)}]";

    private static OptimizerState Of(string prefix, Module<Tensor, Tensor> network, FusedAdam optimizer) =>
        new(optimizer, network.named_parameters().Select(parameter => prefix + parameter.name));
}
