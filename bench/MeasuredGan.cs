using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>A GAN's training.</summary>
internal sealed class MeasuredGan : MeasuredTraining
{
    private readonly TrainingOptions _options;
    private readonly GanNetworks _networks;
    private readonly GanStep _step;
    private readonly Tensor _real;

    public MeasuredGan(TrainCase trainCase, Device device, TrainingPrecision precision, ProcessGroup? processes = null) : base(device)
    {
        _options = trainCase.Training with
        {
            Precision = precision, BatchSize = trainCase.Training.BatchSize / (processes?.Size ?? 1),
        };
        _networks = Architectures.Create(trainCase.Networks);
        Devices.Move(_networks.Generator, device);
        Devices.Move(_networks.Discriminator, device);
        _step = new(_networks, _options, processes);
        var shape = trainCase.Networks.Shape;
        _real = rand([_options.BatchSize, shape.Channels, shape.Height, shape.Width], device: device).mul_(2).sub_(1);
    }

    public override int Updates => _options.Objective.CriticSteps + 1;

    protected override void Step() => _step.Run(_real, () => randn([_options.BatchSize, _networks.LatentSize], device: Device));

    public override void Dispose()
    {
        _real.Dispose();
        _step.Dispose();
        _networks.Dispose();
        base.Dispose();
    }
}
