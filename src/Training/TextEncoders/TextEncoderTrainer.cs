using GanPipeline.Data;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// Trains a <see cref="TextEncoder"/> on pictures and their captions by the symmetric loss of Reed et al. 2016 with Adam: each picture is
/// nearer to its own caption than to the others of its batch, and each caption to its own picture. With a folder for checkpoints, a
/// training that was interrupted goes on from the last one, and on a CPU ends in the same weights.
/// </summary>
public sealed class TextEncoderTrainer
{
    private readonly TextEncoder _encoder;
    private readonly TextEncoderTrainingOptions _options;

    /// <summary>A training of this encoder.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public TextEncoderTrainer(TextEncoder encoder, TextEncoderTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_encoder, _options) = (encoder, options);
    }

    /// <summary>Steps of a training on so many images.</summary>
    public static long Steps(TextEncoderTrainingOptions options, int images) =>
        Math.Max(1, (long)images * options.Epochs / options.BatchSize);

    /// <summary>What makes two trainings of a text encoder the same one.</summary>
    /// <param name="encoder">What the encoder is built from.</param>
    /// <param name="training">How it is trained.</param>
    /// <param name="source">The training images, with captions.</param>
    public static TrainingIdentity Identity(TextEncoderOptions encoder, TextEncoderTrainingOptions training, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(source);
        return TrainingIdentity.Of(encoder, training, source);
    }

    /// <summary>Trains. The encoder ends on the CPU, in evaluation mode.</summary>
    /// <param name="source">Images of the encoder's shape, with captions.</param>
    /// <param name="progress">Is told how it goes, on the training's thread; may be null.</param>
    /// <param name="resumed">Is told the steps that an interrupted training had done, before the first one of this; may be null.</param>
    /// <param name="stop">Ends the training after the step in hand.</param>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    /// <exception cref="DataSetException">
    /// The images have no captions, or no classes where captions match classes, or too few are usable.
    /// </exception>
    /// <exception cref="TrainingException">The device is not there, there is not enough memory, the loss is not finite any more, or the
    /// folder cannot be written.</exception>
    /// <exception cref="CheckpointException">The folder's checkpoints are of another training, or all damaged.</exception>
    public TextEncoderResult Run(IImageSource source, Action<FitProgress>? progress = null, Action<long>? resumed = null,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Shape != _encoder.Shape)
            throw new ArgumentException($"The images of '{source.Name}' are {source.Shape}, but the text encoder is built for " +
                $"{_encoder.Shape}.");
        source.RequireCaptions();
        if (_options.MatchClasses && source.Classes.Count < 2)
            throw new DataSetException($"The pictures of {source.Name} have no classes, which captions are to match (match-classes).");
        return StepMemory.Guard(() => Train(source, progress, resumed, stop));
    }

    private TextEncoderResult Train(IImageSource source, Action<FitProgress>? progress, Action<long>? resumed,
        CancellationToken stop)
    {
        var device = Devices.Resolve(_options.Device);
        using var heap = NativeHeap.KeepFreedMemory();
        var folder = _options.Folder is { } path ? new TrainingFolder(path) : null;
        using var folderLock = folder?.Lock();
        var (text, image) = (_encoder.Text, _encoder.Image);
        Devices.Move(text, device);
        Devices.Move(image, device);
        text.train();
        image.train();
        StepMemory.Require([image], _encoder.Shape, _options.BatchSize, device);
        using var training = new TextEncoderStep(_encoder, _options.LearningRate);
        var identity = Identity(_encoder.Options, _options, source);
        var optimizer = new OptimizerState(training.Optimizer, text.named_parameters().Select(p => "optimizer.text." + p.name)
            .Concat(image.named_parameters().Select(p => "optimizer.image." + p.name)));
        var architecture = new ArchitectureOptions { Name = "text-encoder", Shape = _encoder.Shape, Filters = _encoder.Options.Filters };
        var checkpoints = folder is null ? null
            : new FitCheckpoints(folder, identity, architecture, [.. TextEncoderCheckpoint.Tensors(_encoder)], optimizer, source);
        var steps = Steps(_options, source.Count);
        var loop = new FitLoop(_options, steps, identity, folder, device);
        var (first, step, elapsed) = loop.Run("text encoder", checkpoints, source, new BatchLoaderOptions
        {
            BatchSize = _options.BatchSize,
            Seed = _options.Seed,
            Flip = _options.Flip,
            RandomCrop = _options.RandomCrop,
            Vocabulary = _encoder.Vocabulary,
            CacheBytes = _options.CacheMb * 1_000_000L,
        }, Step, Trial, () => text.state_dict().Values.Concat(image.state_dict().Values), progress, resumed, stop);
        text.eval();
        image.eval();
        Devices.Move(text, CPU);
        Devices.Move(image, CPU);
        return new(step == steps, first, step, steps, elapsed);

        Tensor Step(PixelBatch batch, long step)
        {
            training.Optimizer.LearningRate = _options.LearningRateAt(step, steps);
            var (loss, accuracy) = training.Run(
                BatchTensors.Images(batch.Pixels, batch.Count, _encoder.Shape, device),
                BatchTensors.Integers(batch.Texts, batch.Count, _encoder.Vocabulary.Length, device),
                BatchTensors.Integers(Groups(batch), batch.Count, 0, device));
            return stack([loss, accuracy]);
        }

        void Trial()
        {
            using var scope = NewDisposeScope();
            using var tried = new TextEncoderStep(_encoder, _options.LearningRate);
            var shape = _encoder.Shape;
            tried.Run(rand([_options.BatchSize, shape.Channels, shape.Height, shape.Width], device: device) * 2 - 1,
                ones(_options.BatchSize, _encoder.Vocabulary.Length, dtype: int64, device: device),
                arange(_options.BatchSize, dtype: int64, device: device));
        }
    }

    // A picture without a class matches its own caption alone.
    private long[] Groups(PixelBatch batch) => _options.MatchClasses
        ? [.. batch.Labels.Select((label, i) => label >= 0 ? label : -1L - i)]
        : [.. batch.CaptionGroups.Select(group => (long)group)];
}
