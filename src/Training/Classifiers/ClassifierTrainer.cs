using System.Diagnostics;
using GanPipeline.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>Trains a <see cref="Classifier"/> by cross-entropy with Adam (Kingma, Ba 2015), and measures it on held-out images.</summary>
public sealed class ClassifierTrainer
{
    private readonly Classifier _classifier;
    private readonly ClassifierTrainingOptions _options;

    /// <summary>A training of this classifier.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ClassifierTrainer(Classifier classifier, ClassifierTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _classifier = classifier;
        _options = options;
    }

    /// <summary>Trains on one source and measures on another. The classifier ends on the CPU, in evaluation mode.</summary>
    /// <param name="training">Labelled images of the classifier's shape and classes.</param>
    /// <param name="heldOut">Likewise, and none of the training images.</param>
    /// <param name="progress">Is told how it goes, on the training's thread; may be null.</param>
    /// <param name="stop">Ends the training with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A source has another shape, other classes or no labels.</exception>
    /// <exception cref="TrainingException">The device is not there, or the loss is not finite any more.</exception>
    public ClassifierResult Run(IImageSource training, IImageSource heldOut, Action<ClassifierProgress>? progress = null, CancellationToken stop = default)
    {
        RequireFit(training);
        RequireFit(heldOut);
        var clock = Stopwatch.StartNew();
        var device = Devices.Resolve(_options.Device);
        Devices.UseThreads(_options.Threads);
        var steps = Math.Max(1, (long)training.Count * _options.Epochs / _options.BatchSize);
        Train(training, steps, device, clock, progress, stop);
        var (right, count) = CountRight(heldOut, device, stop);
        _classifier.Trunk.to(CPU);
        _classifier.Head.to(CPU);
        return new((double)right / Math.Max(1, count), count, steps, clock.Elapsed);
    }

    private void Train(IImageSource source, long steps, Device device, Stopwatch clock, Action<ClassifierProgress>? progress, CancellationToken stop)
    {
        var (trunk, head) = (_classifier.Trunk.to(device), _classifier.Head.to(device));
        trunk.train();
        head.train();
        using var adam = new Adam(trunk.parameters().Concat(head.parameters()), _options.LearningRate);
        using var pixels = new PixelTensors(_options.BatchSize, _classifier.Shape, device);
        using var loader = new BatchLoader(source, new BatchLoaderOptions { BatchSize = _options.BatchSize, Seed = _options.Seed, CacheBytes = _options.CacheBytes });
        using var sums = zeros(2, dtype: float32, device: device).DetachFromDisposeScope();
        var (logged, loggedAt) = (0L, TimeSpan.Zero);

        for (long step = 0; step < steps; step++)
        {
            stop.ThrowIfCancellationRequested();
            using (NewDisposeScope())
            {
                using var batch = loader.Next();
                var labels = tensor(batch.Labels, dtype: int64, device: device);
                var logits = head.call(trunk.call(pixels.Load(batch.Pixels, batch.Count)));
                var loss = functional.cross_entropy(logits, labels);
                trunk.zero_grad();
                head.zero_grad();
                loss.backward();
                foreach (var group in adam.ParamGroups) group.LearningRate = _options.LearningRate * (1 + Math.Cos(Math.PI * step / steps)) / 2;
                adam.step();
                sums.add_(stack([loss.detach(), logits.argmax(1).eq(labels).to(float32).mean()]));
            }
            var done = step + 1;
            if (done % _options.LogEvery != 0 && done != steps) continue;

            var averages = Read(sums, done - logged);
            if (!float.IsFinite(averages[0])) throw Divergence.Of($"the classifier's loss became {averages[0]} in the steps {logged + 1} to {done}");
            progress?.Invoke(new(done, steps, averages[0], averages[1], (done - logged) * _options.BatchSize / (clock.Elapsed - loggedAt).TotalSeconds,
                clock.Elapsed, clock.Elapsed / done * (steps - done)));
            (logged, loggedAt) = (done, clock.Elapsed);
            sums.zero_();
        }
    }

    private (int Right, int Count) CountRight(IImageSource source, Device device, CancellationToken stop)
    {
        var (trunk, head) = (_classifier.Trunk, _classifier.Head);
        trunk.eval();
        head.eval();
        var size = _classifier.Shape.Size;
        var bytes = new byte[_options.BatchSize * size];
        var labels = new List<long>(_options.BatchSize);
        var (right, count) = (0, 0);
        using var pixels = new PixelTensors(_options.BatchSize, _classifier.Shape, device);
        using var untracked = no_grad();
        for (var index = 0; index < source.Count; index++)
        {
            if (source.TryRead(index, bytes.AsSpan(labels.Count * size, size))) labels.Add(source.Label(index));
            if (labels.Count == 0 || (labels.Count < _options.BatchSize && index < source.Count - 1)) continue;
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var told = head.call(trunk.call(pixels.Load(bytes, labels.Count))).argmax(1).cpu().data<long>().ToArray();
            right += told.Zip(labels).Count(pair => pair.First == pair.Second);
            count += labels.Count;
            labels.Clear();
        }
        return (right, count);
    }

    private void RequireFit(IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Shape != _classifier.Shape)
            throw new ArgumentException($"The images of '{source.Name}' are {source.Shape}, but the classifier is built for {_classifier.Shape}.");
        if (!source.Classes.SequenceEqual(_classifier.Classes))
            throw new ArgumentException($"'{source.Name}' has the classes [{string.Join(", ", source.Classes)}], but the classifier has [{string.Join(", ", _classifier.Classes)}].");
    }

    private static float[] Read(Tensor sums, long count)
    {
        using var scope = NewDisposeScope();
        return (sums / (float)count).cpu().data<float>().ToArray();
    }
}
