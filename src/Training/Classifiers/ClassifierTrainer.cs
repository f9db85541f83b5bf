using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Trains a <see cref="Classifier"/> by the sum of its attributes' cross-entropies with Adam (Kingma, Ba 2015), and measures it on
/// held-out images. With a folder for checkpoints, a training that was interrupted goes on from the last one, and on a CPU ends in the same
/// weights.
/// </summary>
public sealed class ClassifierTrainer
{
    private readonly Classifier _classifier;
    private readonly ClassifierTrainingOptions _options;
    private readonly ClassifierHeads _heads;

    /// <summary>A training of this classifier.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ClassifierTrainer(Classifier classifier, ClassifierTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _classifier = classifier;
        _options = options;
        _heads = new ClassifierHeads(classifier.Fields);
    }

    /// <summary>Steps of a training on so many images.</summary>
    public static long Steps(ClassifierTrainingOptions options, int images) =>
        Math.Max(1, (long)images * options.Epochs / options.BatchSize);

    /// <summary>What makes two trainings of a classifier the same one.</summary>
    /// <param name="classifier">What the classifier is built from.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="source">The training images.</param>
    public static TrainingIdentity Identity(ClassifierOptions classifier, ClassifierTrainingOptions training, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(source);
        return TrainingIdentity.Of(classifier, training, source);
    }

    /// <summary>Trains on one source and measures on another. The classifier ends on the CPU, in evaluation mode.</summary>
    /// <param name="training">Images of the classifier's shape, with its attributes.</param>
    /// <param name="heldOut">Likewise, and none of the training images.</param>
    /// <param name="progress">Is told how it goes, on the training's thread; may be null.</param>
    /// <param name="resumed">Is told the steps that an interrupted training had done, before the first one of this; may be null.</param>
    /// <param name="stop">Ends the training after the step in hand.</param>
    /// <exception cref="ArgumentException">A source has another shape or other attributes.</exception>
    /// <exception cref="DataSetException">An attribute's value never occurs among the training images, or an image has none.</exception>
    /// <exception cref="TrainingException">The device is not there, there is not enough memory, the loss is not finite any more, or the
    /// folder cannot be written.</exception>
    /// <exception cref="CheckpointException">The folder's checkpoints are of another training, or all damaged.</exception>
    public ClassifierResult Run(
        IImageSource training, IImageSource heldOut, Action<FitProgress>? progress = null, Action<long>? resumed = null,
            CancellationToken stop = default)
    {
        RequireFit(training);
        RequireFit(heldOut);
        return StepMemory.Guard(() => TrainAndMeasure(training, heldOut, progress, resumed, stop));
    }

    private ClassifierResult TrainAndMeasure(IImageSource training, IImageSource heldOut, Action<FitProgress>? progress,
        Action<long>? resumed, CancellationToken stop)
    {
        var device = Devices.Resolve(_options.Device);
        using var heap = NativeHeap.KeepFreedMemory();
        var folder = _options.Folder is { } path ? new TrainingFolder(path) : null;
        using var folderLock = folder?.Lock();
        var steps = Steps(_options, training.Count);
        var (first, step, elapsed) = Train(training, folder, steps, device, progress, resumed, stop);
        _classifier.Trunk.eval();
        _classifier.Head.eval();
        var (accuracies, count) = step == steps ? Measure(heldOut, device, stop) : ([], 0);
        Devices.Move(_classifier.Trunk, CPU);
        Devices.Move(_classifier.Head, CPU);
        return new(step == steps, first, step, steps, accuracies, count, elapsed);
    }

    private (long First, long Step, TimeSpan Elapsed) Train(
        IImageSource source, TrainingFolder? folder, long steps, Device device,
        Action<FitProgress>? progress, Action<long>? resumed, CancellationToken stop)
    {
        var (trunk, head) = (_classifier.Trunk, _classifier.Head);
        Devices.Move(trunk, device);
        Devices.Move(head, device);
        trunk.train();
        head.train();
        StepMemory.Require([trunk, head], _classifier.Shape, _options.BatchSize, device);
        using var training = new ClassifierStep(_classifier, _options.LearningRate);
        var identity = Identity(_classifier.Options, _options, source);
        var optimizer = new OptimizerState(training.Optimizer, trunk.named_parameters().Select(p => "optimizer.trunk." + p.name)
            .Concat(head.named_parameters().Select(p => "optimizer.head." + p.name)));
        var built = _classifier.Options;
        var architecture = new ArchitectureOptions { Name = "classifier", Shape = built.Shape, Filters = built.Filters };
        var checkpoints = folder is null ? null
            : new FitCheckpoints(folder, identity, architecture, [.. ClassifierCheckpoint.Tensors(_classifier)], optimizer, source);
        return new FitLoop(_options, steps, identity, folder, device).Run("classifier", checkpoints, source, new BatchLoaderOptions
        {
            BatchSize = _options.BatchSize,
            Seed = _options.Seed,
            Flip = _options.Flip,
            RandomCrop = _options.RandomCrop,
            Labels = source.SelectLabels(Names(_classifier.Fields), stop),
            CacheBytes = _options.CacheMb * 1_000_000L,
        }, Step, Trial, () => trunk.state_dict().Values.Concat(head.state_dict().Values), progress, resumed, stop);

        Tensor Step(PixelBatch batch, long step)
        {
            var targets = BatchTensors.Labels(batch.LabelVectors, batch.Count, device);
            var images = BatchTensors.Images(batch.Pixels, batch.Count, _classifier.Shape, device);
            training.Optimizer.LearningRate = _options.LearningRateAt(step, steps);
            var (loss, right) = training.Run(UnderNoise(images, step), targets);
            return stack([loss, right.mean() / batch.Count]);
        }

        void Trial()
        {
            using var scope = NewDisposeScope();
            using var tried = new ClassifierStep(_classifier, _options.LearningRate);
            var shape = _classifier.Shape;
            var width = LabelLayout.Select(source.Attributes, Names(_classifier.Fields)).Size;
            tried.Run(rand([_options.BatchSize, shape.Channels, shape.Height, shape.Width], device: device) * 2 - 1,
                zeros(_options.BatchSize, width, device: device));
        }
    }

    private (double[] Accuracies, int Count) Measure(IImageSource source, Device device, CancellationToken stop)
    {
        var layout = LabelLayout.Select(source.Attributes, Names(_classifier.Fields));
        var (size, width) = (_classifier.Shape.Size, layout.Size);
        var (bytes, vectors) = (new byte[_options.BatchSize * size], new float[_options.BatchSize * width]);
        var values = new float[source.Attributes.Count];
        var right = new double[_classifier.Fields.Count];
        var (filled, count) = (0, 0);
        using var untracked = no_grad();
        for (var index = 0; index < source.Count; index++)
        {
            if (source.TryRead(index, bytes.AsSpan(filled * size, size)))
            {
                source.ReadAttributes(index, values);
                layout.Encode(values, vectors.AsSpan(filled++ * width, width));
            }
            if (filled == 0 || (filled < _options.BatchSize && index < source.Count - 1)) continue;
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var logits = _classifier.Head.call(_classifier.Trunk.call(BatchTensors.Images(bytes, filled, _classifier.Shape, device)));
            var targets = BatchTensors.Labels(vectors.AsSpan(0, filled * width), filled, device);
            var counts = _heads.CountRight(logits, targets).cpu().data<float>().ToArray();
            for (var i = 0; i < right.Length; i++) right[i] += counts[i];
            count += filled;
            filled = 0;
        }
        return ([.. right.Select(r => r / Math.Max(1, count))], count);
    }

    private Tensor UnderNoise(Tensor images, long step)
    {
        if (_options.Noise == 0) return images;
        RandomSeeds.Use(_options.Seed, step);
        var deviations = rand(images.shape[0], 1, 1, 1, device: images.device) * _options.Noise;
        return images + randn_like(images) * deviations;
    }

    private void RequireFit(IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Shape != _classifier.Shape)
            throw new ArgumentException($"The images of '{source.Name}' are {source.Shape}, but the classifier is built for " +
                $"{_classifier.Shape}.");
        foreach (var field in _classifier.Fields)
        {
            if (source.Attributes.FirstOrDefault(a => a.Name == field.Name) is not { } own)
                throw new ArgumentException($"'{source.Name}' has no attribute '{field.Name}', which the classifier reads.");
            if (own.Kind != field.Kind || !own.Values.SequenceEqual(field.Values))
                throw new ArgumentException($"'{source.Name}' has the {field.Name} [{string.Join(", ", own.Values)}], but the " +
                    $"classifier has [{string.Join(", ", field.Values)}].");
        }
    }

    private static string[] Names(IReadOnlyList<LabelField> fields) => [.. fields.Select(f => f.Name)];
}
