using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>The training of CIFAR-10's classifier.</summary>
internal sealed class MeasuredClassifier : MeasuredTraining
{
    public const int Batch = 128;

    private readonly Classifier _classifier;
    private readonly ClassifierStep _step;
    private readonly Tensor _images;
    private readonly Tensor _targets;

    public MeasuredClassifier(Device device) : base(device)
    {
        _classifier = Classifier.Create(Options);
        Devices.Move(_classifier.Trunk, device);
        Devices.Move(_classifier.Head, device);
        _step = new(_classifier, learningRate: 2e-3);
        var classes = Options.Fields[0].Width;
        _images = rand([Batch, 3, 32, 32], device: device).mul_(2).sub_(1);
        using var labels = randint(classes, Batch, dtype: int64, device: device);
        using var targets = nn.functional.one_hot(labels, classes);
        _targets = targets.to(float32);
    }

    public static ClassifierOptions Options { get; } =
        ClassifierOptions.OfClasses(new(3, 32, 32), [.. Enumerable.Range(0, 10).Select(i => $"class {i}")]) with { Depth = 2 };

    public override int Updates => 1;

    protected override void Step() => _step.Run(_images, _targets);

    public override void Dispose()
    {
        _images.Dispose();
        _targets.Dispose();
        _step.Dispose();
        _classifier.Dispose();
        base.Dispose();
    }
}
