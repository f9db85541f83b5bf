using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Trains a generative adversarial network. A run's folder explains the run: <c>metrics.jsonl</c> has a line a log interval,
/// <c>samples/</c> a grid from the same latents at each interval, <c>evolution.gif</c> all of them, <c>checkpoints/</c> the last few
/// states,
/// <c>best/</c> the generator with the best metric.
/// </summary>
/// <remarks>
/// All randomness of step n derives from the seed and n. A training that was stopped, or killed at any moment, continues from the
/// last whole checkpoint when it is run again, and on a CPU (with as many threads) ends in the same weights, bit for bit, as the one
/// that was never interrupted.
/// </remarks>
public sealed class Trainer
{
    private readonly GanNetworks _networks;
    private readonly IImageSource _source;
    private readonly TrainingOptions _options;
    private readonly ITrainingObserver _observer;
    private readonly IGeneratorEvaluator? _evaluator;

    /// <summary>A training of these networks on these images.</summary>
    /// <param name="networks">Fresh from <see cref="Architectures.Create"/>, or any others. <see cref="Run"/> moves them to its device
    /// and changes their weights; they stay the caller's to dispose.</param>
    /// <param name="source">Real images, of the networks' shape.</param>
    /// <param name="options">How to train, and where to write.</param>
    /// <param name="observer">Is told how it goes.</param>
    /// <param name="evaluator">Evaluates the generator every <see cref="TrainingOptions.EvaluateEvery"/> steps, if these are not 0.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the images have another shape.</exception>
    public Trainer(GanNetworks networks, IImageSource source, TrainingOptions options, ITrainingObserver? observer = null,
        IGeneratorEvaluator? evaluator = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (source.Shape != networks.Shape)
            throw new ArgumentException($"The images of '{source.Name}' are {source.Shape} pixels and channels, but the network is " +
                $"built for {networks.Shape}.", nameof(source));
        if (networks.LabelSize != (options.Labels?.Size ?? 0))
            throw new ArgumentException($"The networks take label vectors of {networks.LabelSize} numbers, but the training's labels " +
                $"have {options.Labels?.Size ?? 0}.", nameof(options));
        if (options.EvaluateEvery > 0 && evaluator is null)
            throw new ArgumentException($"The generator is to be evaluated every {options.EvaluateEvery} steps, but there is no " +
                $"evaluator.", nameof(evaluator));
        Combinations.Require(networks, options);
        _networks = networks;
        _source = source;
        _options = options;
        _observer = observer ?? new NoObserver();
        _evaluator = evaluator;
    }

    /// <summary>What makes two trainings of a GAN the same one.</summary>
    /// <param name="architecture">What the networks are built from.</param>
    /// <param name="training">How they are trained.</param>
    /// <param name="source">The real images.</param>
    /// <exception cref="CheckpointException">There are no weights where <see cref="TrainingOptions.From"/> says.</exception>
    public static TrainingIdentity Identity(ArchitectureOptions architecture, TrainingOptions training, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(source);
        return TrainingIdentity.Of(architecture, training, source, FirstWeights.Hash(training));
    }

    /// <summary>Trains, or continues a training, until all steps are done or a stop is asked for; then writes a checkpoint.</summary>
    /// <param name="stop">Asks to stop after the step in hand.</param>
    /// <exception cref="TrainingException">The device is not there, there is not enough memory, a number is not finite any more (the
    /// message says since which step), or the folder cannot be written. The last checkpoint is kept.</exception>
    /// <exception cref="CheckpointException">The folder's checkpoints are of another training, or all damaged.</exception>
    /// <exception cref="DataSetException">The images cannot be read.</exception>
    public TrainingResult Run(CancellationToken stop = default) => StepMemory.Guard(() => Train(stop));

    private TrainingResult Train(CancellationToken stop)
    {
        var device = Devices.Resolve(_options.Device);
        Devices.UseThreads(_options.Threads ?? 0);
        using var heap = NativeHeap.KeepFreedMemory();
        using var finalizers = new FinalizerPause();
        var observer = new ReleasingObserver(_observer, finalizers);
        var folder = new TrainingFolder(_options.Folder);
        using var folderLock = folder.Lock();

        Devices.Move(_networks.Generator, device);
        Devices.Move(_networks.Discriminator, device);
        _networks.Generator.train();
        _networks.Discriminator.train();
        StepMemory.Require(_networks, _options.BatchSize, device);
        using var gan = new GanStep(_networks, _options);
        var isBegun = folder.LastStep is not null && !_options.StartOver;
        if (!isBegun) FirstWeights.Load(_options, _networks, () => FirstBatch(device));
        using var average = _options.AverageDecay > 0 ? AveragedGenerator.Of(_networks, _options.AverageDecay) : null;
        var identity = Identity(_networks.Options, _options, _source);
        var store = new CheckpointStore(folder, identity, _networks, _source, _options, gan, average, observer);
        var resumed = store.Resume();
        var (first, secondsBefore, resumedFrom) = (resumed?.Info.Step ?? 0, resumed?.Info.Seconds ?? 0, resumed?.Path);
        folder.WriteIdentity(identity);
        var (threads, precision) = Choose(resumed?.Info, device);
        (gan.Precision, store.Threads) = (precision.Precision, threads.Threads);
        observer.Started(new(device.type.ToString().ToLowerInvariant(), first, _options.Steps, resumedFrom,
            ParameterCount.Count(_networks.Generator), ParameterCount.Count(_networks.Discriminator), _source.Count)
        {
            Precision = precision.Precision,
            PrecisionReason = precision.Reason,
            Threads = threads.Threads,
            ThreadsReason = threads.Reason,
        });

        using var report = new ProgressReport(folder, _networks, _source, _options, observer, gan.Objective, first, secondsBefore, device);
        using var loader = Loader(first);

        var step = first;
        var saved = resumedFrom is null ? -1 : first;
        var checkpoint = resumedFrom;
        var sampled = average?.Network ?? _networks.Generator;
        if (resumedFrom is null) report.Sample(sampled);
        while (step < _options.Steps && !stop.IsCancellationRequested)
        {
            finalizers.Hold();
            using (NewDisposeScope())
            {
                RandomSeeds.Use(_options.Seed, step);
                var outcome = gan.Run(NextBatch, () => randn(_options.BatchSize, _networks.LatentSize, device: device), step);
                average?.Update(step);
                report.Add(outcome, gan);
            }
            step++;

            var done = step == _options.Steps;
            var metric = _options.EvaluateEvery > 0 && step % _options.EvaluateEvery == 0 ? report.Pause(Evaluate) : (double?)null;
            if (done || metric is not null || step % _options.LogEvery == 0)
            {
                report.Log(metric);
                Divergence.RequireScales(gan.LossScales, step);
            }
            if (done || report.IsSampleDue(step)) report.Sample(sampled);
            if (step % _options.CheckpointEvery == 0) (saved, checkpoint) = (step, Save());
        }
        if (saved != step) checkpoint = Save();
        report.Finish();
        _networks.Generator.eval();
        _networks.Discriminator.eval();
        return new(step == _options.Steps, step, first, checkpoint!, device.type.ToString().ToLowerInvariant(),
            report.Elapsed, report.ImagesPerSecond, report.Last)
        {
            Best = store.Best,
            Precision = gan.Precision,
            Threads = threads.Threads,
        };

        RealBatch NextBatch() => Next(loader, device);

        double Evaluate()
        {
            finalizers.Release();
            var metric = _evaluator!.Evaluate(new(_networks, sampled, _source, _options.Labels, step));
            store.Evaluated(step, report.Elapsed.TotalSeconds, metric);
            return metric;
        }

        string Save()
        {
            report.RequireFinite();
            return report.Pause(() => store.Save(step, report.Elapsed.TotalSeconds));
        }
    }

    private BatchLoader Loader(long firstStep) => new(_source, new BatchLoaderOptions
    {
        BatchSize = _options.BatchSize,
        Seed = _options.Seed,
        FirstStep = firstStep * _options.Objective.CriticSteps,
        Workers = _options.Workers,
        Flip = _options.Flip,
        RandomCrop = _options.RandomCrop,
        Labels = _options.Labels,
        CacheBytes = _options.CacheMb * 1_000_000L,
    });

    private RealBatch Next(BatchLoader loader, Device device)
    {
        using var batch = loader.Next(CancellationToken.None); // A step that has begun is finished, and saved.
        return new(BatchTensors.Images(batch.Pixels, batch.Count, _networks.Shape, device),
            _options.Labels is null ? null : BatchTensors.Labels(batch.LabelVectors, batch.Count, device));
    }

    private RealBatch FirstBatch(Device device)
    {
        using var loader = Loader(firstStep: 0);
        return Next(loader, device);
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
            var threads = ThreadChoice.Make(_options.Threads, kept is null ? null : Devices.Threads(kept.Threads), device, trial,
                () => Step(TrainingPrecision.Float32));
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
            var shape = _networks.Shape;
            var images = rand([_options.BatchSize, shape.Channels, shape.Height, shape.Width], device: device) * 2 - 1;
            var labels = _networks.LabelSize == 0 ? null : zeros([_options.BatchSize, _networks.LabelSize], device: device);
            step.Run(images, () => randn([_options.BatchSize, _networks.LatentSize], device: device), labels);
        }
    }

    private sealed class NoObserver : ITrainingObserver;
}
