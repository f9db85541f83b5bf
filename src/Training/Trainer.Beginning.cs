using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <content>What is settled before the first step, by the first process for all.</content>
public sealed partial class Trainer
{
    /// <summary>What only the first process does, while the others wait; where it fails, all do. Nothing in the others.</summary>
    private T? AtFirst<T>(Func<T> work) => _processes.Together(() => _processes.IsFirst ? work() : default);

    /// <summary>What makes the training the same one; all processes must have the same.</summary>
    private TrainingIdentity SameIdentity()
    {
        var identity = _processes.Together(() => Identity(_networks.Options, _options, _source, _texts));
        var common = TrainingIdentity.Parse(_processes.Broadcast(identity.ToJson()));
        return _processes.Together(() => identity.DifferenceFrom(common) is { } difference
            ? throw new TrainingException($"it is to train something else than rank 0: {difference}. Give all processes the same.")
            : identity);
    }

    /// <summary>Where a training begins and what it computes with, which the first process finds out.</summary>
    private sealed record Beginning(long Step, double Seconds, string? Checkpoint, ThreadChoice Threads, PrecisionChoice Precision);

    private Beginning Shared(Beginning? first)
    {
        const string Reason = "as the first process";
        if (_processes.Size == 1) return first!;
        Span<long> numbers =
            [first?.Step ?? 0, first?.Checkpoint is null ? 0 : 1, first?.Threads.Threads ?? 0, (long)(first?.Precision.Precision ?? 0)];
        _processes.Broadcast(numbers);
        if (first is not null) return first;
        var threads = _options.Threads is > 0 and var asked ? asked : Math.Min((int)numbers[2], _processes.Processors);
        Devices.UseThreads(threads);
        return new(numbers[0], 0, numbers[1] == 0 ? null : new TrainingFolder(_options.Folder).Checkpoint(numbers[0]), new(threads, Reason),
            new((TrainingPrecision)numbers[3], Reason));
    }

    /// <summary>What is chosen by a measurement, where the options do not say it: at the beginning, and kept from then on.</summary>
    private (ThreadChoice Threads, PrecisionChoice Precision) Choose(CheckpointInfo? kept, Device device)
    {
        // A step of its own, with its own optimisers, on random images; made where its changes are undone.
        GanStep? step = null;
        try
        {
            var trial = new StepTrial(device,
                () => _networks.Generator.state_dict().Values.Concat(_networks.Discriminator.state_dict().Values));
            // Another number of processes has other shares of the processors.
            var keptThreads = kept?.Processes == _processes.Size ? Devices.Threads(kept.Threads) : (int?)null;
            var threads = ThreadChoice.Make(_options.Threads, keptThreads, device, trial, () => Step(TrainingPrecision.Float32),
                _processes.Size == 1 ? null : _processes.Processors);
            return (threads, PrecisionChoice.Make(_options.Precision, kept?.Precision, device, trial, Step));
        }
        finally
        {
            step?.Dispose();
        }

        void Step(TrainingPrecision precision)
        {
            using var scope = NewDisposeScope();
            step ??= new GanStep(_networks, _options);
            step.Precision = precision;
            var shape = _networks.PairShape;
            var images = rand([Part, shape.Channels, shape.Height, shape.Width], device: device) * 2 - 1;
            var labels = _networks.LabelSize == 0 ? null : zeros([Part, _networks.LabelSize], device: device);
            var others = _texts is null ? null : labels;
            step.Run(() => _networks.Batch(images) with { Labels = labels, Others = others },
                () => randn([Part, _networks.LatentSize], device: device),
                // The largest step, where they grow or have a second stage.
                _networks.Growth is null && _networks.PoseStages is null ? 0 : Math.Max(0, _options.Steps - 1));
        }
    }
}
