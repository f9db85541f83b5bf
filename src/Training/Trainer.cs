using System.Globalization;
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
/// that was never interrupted. Several processes (<see cref="ProcessGroup"/>) train one model: each computes on its part of every batch,
/// the first one alone writes, and a training may go on with another number of them.
/// </remarks>
public sealed partial class Trainer
{
    private readonly GanNetworks _networks;
    private readonly IImageSource _source;
    private readonly TrainingOptions _options;
    private readonly ITrainingObserver _observer;
    private readonly IGeneratorEvaluator? _evaluator;
    private readonly ProcessGroup _processes;
    private readonly TextEncoder? _texts;
    private readonly LabelVectors? _labels;

    /// <summary>A training of these networks on these images.</summary>
    /// <param name="networks">Fresh from <see cref="Architectures.Create"/>, or any others. <see cref="Run"/> moves them to its device
    /// and changes their weights; they stay the caller's to dispose.</param>
    /// <param name="source">Real images, of the networks' shape.</param>
    /// <param name="options">How to train, and where to write.</param>
    /// <param name="observer">Is told how it goes; of several processes in the first one.</param>
    /// <param name="evaluator">Evaluates the generator every <see cref="TrainingOptions.EvaluateEvery"/> steps, if these are not 0. Of
    /// several processes it is the first one's, and others may leave it out.</param>
    /// <param name="processes">Those that train together, each with a trainer of equal options, networks and images; null where there is
    /// one.</param>
    /// <param name="textEncoder">Of networks that are told texts, see <see cref="ArchitectureOptions.TellsTexts"/>: what embeds the images'
    /// captions. It does not learn, and ends on the CPU. Null for all others.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the images have another shape.</exception>
    /// <exception cref="DataSetException">The networks are told texts, and the images have no captions.</exception>
    public Trainer(GanNetworks networks, IImageSource source, TrainingOptions options, ITrainingObserver? observer = null,
        IGeneratorEvaluator? evaluator = null, ProcessGroup? processes = null, TextEncoder? textEncoder = null)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (source.Shape != networks.PairShape)
            throw new ArgumentException($"The images of '{source.Name}' are {source.Shape} pixels and channels, but the network is " +
                $"built for {networks.PairShape}.", nameof(source));
        if (source.ConditionChannels != networks.ConditionChannels)
            throw new ArgumentException($"The images of '{source.Name}' begin with {source.ConditionChannels} channels that others are " +
                $"made of, but the network takes {networks.ConditionChannels}.", nameof(source));
        if ((source.Pose?.Channels ?? 0) != networks.PoseChannels)
            throw new ArgumentException($"The images of '{source.Name}' have poses of {source.Pose?.Channels ?? 0} channels, but the " +
                $"network takes {networks.PoseChannels}.", nameof(source));
        if (networks.JudgesPairs && !source.IsPaired)
            throw new ArgumentException($"'{networks.Architecture}' learns from pairs, and the two sides of '{source.Name}' do not " +
                "belong together.", nameof(source));
        if (networks.Options.TellsTexts != textEncoder is not null)
            throw new ArgumentException(textEncoder is null
                ? $"'{networks.Architecture}' is told texts: give the text encoder that embeds them."
                : $"A text encoder is for networks that are told texts, and '{networks.Architecture}' is not.", nameof(textEncoder));
        if (textEncoder is not null)
        {
            source.RequireCaptions();
            if (networks.LabelSize != textEncoder.Options.EmbeddingSize)
                throw new ArgumentException($"The networks take embeddings of {networks.LabelSize} numbers, but the text encoder makes " +
                    $"{textEncoder.Options.EmbeddingSize}.", nameof(textEncoder));
            if (options.Labels is not null)
                throw new ArgumentException($"'{networks.Architecture}' is told texts, and takes no labels beside them.", nameof(options));
        }
        else if (networks.LabelSize != (options.Labels?.Size ?? 0))
            throw new ArgumentException($"The networks take label vectors of {networks.LabelSize} numbers, but the training's labels " +
                $"have {options.Labels?.Size ?? 0}.", nameof(options));
        _processes = processes ?? ProcessGroup.Alone;
        if (options.EvaluateEvery > 0 && evaluator is null && _processes.IsFirst)
            throw new ArgumentException($"The generator is to be evaluated every {options.EvaluateEvery} steps, but there is no " +
                $"evaluator.", nameof(evaluator));
        Combinations.Require(networks, options);
        Combinations.Require(networks, options, _processes.Size);
        _networks = networks;
        _source = source;
        _options = options;
        _observer = observer is null || !_processes.IsFirst ? new NoObserver() : observer;
        _evaluator = evaluator;
        _texts = textEncoder;
        _labels = LabelVectors.By(options.Labels, textEncoder);
    }

    /// <summary>
    /// Looks at the generator's samples every <see cref="TrainingOptions.DiagnoseEvery"/> steps; null leaves it out. Of several processes
    /// it is the first one's.
    /// </summary>
    public IGeneratorProbe? Probe { get; init; }

    /// <summary>
    /// Real images that are not trained with, of the training images' shape and attributes, on which the discriminator is seen to overfit,
    /// and whose conditions sample grids are made of where the networks translate; null leaves it out. They change no weight. Of several
    /// processes they are the first one's.
    /// </summary>
    public IImageSource? HeldOut { get; init; }

    /// <summary>What makes two trainings of a GAN the same one.</summary>
    /// <param name="architecture">What the networks are built from.</param>
    /// <param name="training">How they are trained.</param>
    /// <param name="source">The real images.</param>
    /// <param name="textEncoder">Of networks that are told texts, what embeds them; null for all others.</param>
    /// <exception cref="CheckpointException">There are no weights where <see cref="TrainingOptions.From"/> says.</exception>
    public static TrainingIdentity Identity(
        ArchitectureOptions architecture, TrainingOptions training, IImageSource source, TextEncoder? textEncoder = null)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(source);
        return TrainingIdentity.Of(architecture, training, source, FirstWeights.Hash(training), textEncoder?.Hash());
    }

    /// <summary>Trains, or continues a training, until all steps are done or a stop is asked for; then writes a checkpoint.</summary>
    /// <param name="stop">Asks to stop after the step in hand.</param>
    /// <exception cref="TrainingException">The device is not there, there is not enough memory, a number is not finite any more (the
    /// message says since which step), or the folder cannot be written. The last checkpoint is kept.</exception>
    /// <exception cref="CheckpointException">The folder's checkpoints are of another training, or all damaged.</exception>
    /// <exception cref="DataSetException">The images cannot be read.</exception>
    public TrainingResult Run(CancellationToken stop = default) => _processes.Guard(() => StepMemory.Guard(() => Train(stop)));

    private TrainingResult Train(CancellationToken stop)
    {
        var device = Devices.Resolve(_options.Device, _processes.LocalRank);
        Devices.UseThreads(_options.Threads is > 0 and var asked ? asked : _processes.Processors);
        using var heap = NativeHeap.KeepFreedMemory();
        using var finalizers = new FinalizerPause();
        var observer = new ReleasingObserver(_observer, finalizers);
        var folder = new TrainingFolder(_options.Folder);
        using var folderLock = AtFirst(folder.Lock);

        Devices.Move(_networks.Generator, device);
        Devices.Move(_networks.Discriminator, device);
        if (_texts is not null)
        {
            Devices.Move(_texts.Text, device);
            _texts.Text.eval();
        }
        _networks.Generator.train();
        _networks.Discriminator.train();
        StepMemory.Require(_networks, Part * _processes.LocalSize, device);
        AtFirst(() =>
        {
            var isBegun = folder.LastStep is not null && !_options.StartOver;
            if (!isBegun) FirstWeights.Load(_options, _networks, () => FirstBatch(device));
            return isBegun;
        });
        // After the first weights, which spectral normalisation begins with.
        using var gan = new GanStep(_networks, _options, _processes, _source.Pose);
        using var average = _options.AverageDecay == 0 ? null
            : AveragedGenerator.Of(_networks, number => BurnIn.AverageDecay(_options, number));
        var identity = SameIdentity();
        var store = new CheckpointStore(folder, identity, _networks, _source, _options, gan, average, observer);
        var begun = AtFirst(() =>
        {
            var resumed = store.Resume();
            folder.WriteIdentity(identity);
            // What is measured are steps, too.
            finalizers.Hold();
            var (threads, precision) = Choose(resumed?.Info, device);
            return new Beginning(resumed?.Info.Step ?? 0, resumed?.Info.Seconds ?? 0, resumed?.Path, threads, precision);
        });
        var (first, secondsBefore, resumedFrom, threads, precision) = Shared(begun);
        TrainingState.Share(_processes, _networks, gan, average);
        gan.Grow(first);
        (gan.Precision, store.Threads, store.Processes) = (precision.Precision, threads.Threads, _processes.Size);
        observer.Started(new(device.type.ToString().ToLowerInvariant(), first, _options.Steps, resumedFrom,
            ParameterCount.Count(_networks.Generator), ParameterCount.Count(_networks.Discriminator), _source.Count)
        {
            Precision = precision.Precision,
            PrecisionReason = precision.Reason,
            Threads = threads.Threads,
            ThreadsReason = threads.Reason,
            Processes = _processes.Size,
        });

        using var report = new ProgressReport(folder, identity, _networks, _source, _options, observer, gan.Objective, first, secondsBefore,
            device, _processes, HeldOut, _labels);
        using var loader = Loader(first, _processes.Rank, _processes.Size);
        using var random = new StepRandomness(_options, _networks.LatentSize, device, _processes);
        using var statistics = _options.SynchronizeBatchNormalization ? SharedStatistics.Over(_processes, _networks) : null;

        var heldOut = HeldOut is null || _options.DiagnoseEvery == 0 || !_processes.IsFirst ? null
            : new HeldOutCheck(_networks, _source, HeldOut, _labels);
        var step = first;
        var saved = resumedFrom is null ? -1 : first;
        var checkpoint = resumedFrom;
        var sampled = average?.Network ?? _networks.Generator;
        if (resumedFrom is null) report.Sample(sampled);
        while (step < _options.Steps && !_processes.Any(stop.IsCancellationRequested || EndedBy() is not null))
        {
            finalizers.Hold();
            using (NewDisposeScope())
            {
                random.Begin(step);
                var outcome = gan.Run(NextBatch, random.Latents, step);
                average?.Update(step);
                report.Add(outcome, gan);
            }
            step++;

            var done = step == _options.Steps;
            var metric = _options.EvaluateEvery > 0 && step % _options.EvaluateEvery == 0 ? report.Pause(Evaluate) : (double?)null;
            // All processes log together, and the first one alone looks.
            var looks = _options.DiagnoseEvery > 0 && step % _options.DiagnoseEvery == 0;
            var look = looks ? report.Pause(Look) : null;
            if (done || metric is not null || looks || step % _options.LogEvery == 0)
            {
                report.Log(metric, look);
                _processes.Alike(() => Divergence.RequireScales(gan.LossScales, step));
            }
            if (done || report.IsSampleDue(step)) report.Sample(sampled);
            if (step % _options.CheckpointEvery == 0) (saved, checkpoint) = (step, Save());
        }
        if (saved != step) checkpoint = Save();
        report.Finish();
        var endedBy = step == _options.Steps ? null : EndedBy();
        var finished = step == _options.Steps || _processes.Any(endedBy is not null);
        _networks.Generator.eval();
        _networks.Discriminator.eval();
        if (_texts is not null) Devices.Move(_texts.Text, CPU);
        return new(finished, step, first, checkpoint!, device.type.ToString().ToLowerInvariant(),
            report.Elapsed, report.ImagesPerSecond, report.Last)
        {
            Best = store.Best,
            EndedBy = endedBy,
            Precision = gan.Precision,
            Threads = threads.Threads,
            Processes = _processes.Size,
        };

        RealBatch NextBatch() => Next(loader, device);

        // Of what checkpoints keep, so that a training that ended does not go on when it is run again. The first process knows.
        string? EndedBy() => !_processes.IsFirst ? null
            : _options.Patience > 0 && store.Best is { } best && step - best.Step >= (long)_options.Patience * _options.EvaluateEvery
                ? $"no better metric in {_options.Patience} evaluations since step {best.Step}"
            : _options.MaxMinutes > 0 && report.Elapsed.TotalMinutes >= _options.MaxMinutes
                ? string.Create(CultureInfo.InvariantCulture, $"{_options.MaxMinutes} minutes are over")
            : null;

        double Evaluate()
        {
            finalizers.Release();
            var metric = _evaluator!.Evaluate(new(_networks, sampled, _source, _labels, step));
            store.Evaluated(step, report.Elapsed.TotalSeconds, metric);
            return metric;
        }

        DiagnosisSigns Look()
        {
            finalizers.Release();
            var generator = new GeneratorInTraining(_networks, sampled, _source, _labels, step);
            return new(Probe?.Probe(generator), heldOut?.Ratio(generator));
        }

        string Save()
        {
            report.RequireFinite();
            if (TrainingState.Rejoin(_processes, _networks, gan, average))
                observer.Warned($"At step {step} the processes' weights differed, as those of machines of different kinds may in their " +
                    "last bits: all go on with the first process's.");
            return report.Pause(() => store.Save(step, report.Elapsed.TotalSeconds)) ?? folder.Checkpoint(step);
        }
    }

    /// <summary>Images of each batch that are this process's.</summary>
    private int Part => _options.BatchSize / _processes.Size;

    private BatchLoader Loader(long firstStep, int part, int parts) => new(_source, new BatchLoaderOptions
    {
        BatchSize = _options.BatchSize,
        Part = part,
        Parts = parts,
        Seed = _options.Seed,
        FirstStep = firstStep * _options.Objective.CriticSteps,
        Workers = _options.Workers > 0 || _processes.Size == 1 ? _options.Workers : Math.Max(1, _processes.Processors - 1),
        Flip = _options.Flip,
        RandomCrop = _options.RandomCrop,
        Jitter = _options.Jitter,
        Labels = _options.Labels,
        Vocabulary = _texts?.Vocabulary,
        CacheBytes = _options.CacheMb * 1_000_000L,
    });

    private RealBatch Next(BatchLoader loader, Device device)
    {
        using var batch = loader.Next(CancellationToken.None); // A step that has begun is finished, and saved.
        var images = BatchTensors.Images(batch.Pixels, batch.Count, _networks.PairShape, device);
        if (_texts is null)
        {
            return _networks.Batch(images) with
            {
                Labels = _options.Labels is null ? null : BatchTensors.Labels(batch.LabelVectors, batch.Count, device),
            };
        }
        var texts = _texts.Embed(batch.Texts, batch.Count);
        return new(images, texts, Others: Mismatches(batch.CaptionGroups) is not { } others ? null
            : texts.index_select(0, BatchTensors.Integers(others, others.Length, 0, device)));
    }

    /// <summary>
    /// For each picture of a batch the next one whose captions say something else; null where all say the same.
    /// </summary>
    internal static long[]? Mismatches(ReadOnlySpan<int> groups)
    {
        var others = new long[groups.Length];
        for (var i = 0; i < groups.Length; i++)
        {
            var step = 1;
            while (step < groups.Length && groups[(i + step) % groups.Length] == groups[i]) step++;
            if (step == groups.Length) return null;
            others[i] = (i + step) % groups.Length;
        }
        return others;
    }

    private RealBatch FirstBatch(Device device)
    {
        using var loader = Loader(firstStep: 0, part: 0, parts: 1);
        return Next(loader, device);
    }

    private sealed class NoObserver : ITrainingObserver;
}
