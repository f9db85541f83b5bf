using GanPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>Runs a case's steps, on random images.</summary>
internal sealed class CaseTraining : IDisposable
{
    private readonly TrainCase _case;
    private readonly Device _device;
    private readonly GanNetworks _networks;
    private readonly Tensor _real;
    private readonly NativeHeap _heap = NativeHeap.KeepFreedMemory();

    public CaseTraining(TrainCase trainCase, Device device)
    {
        (_case, _device) = (trainCase, device);
        _networks = Architectures.Create(trainCase.Networks);
        Devices.Move(_networks.Generator, device);
        Devices.Move(_networks.Discriminator, device);
        var shape = trainCase.Networks.Shape;
        _real = rand([trainCase.Training.BatchSize, shape.Channels, shape.Height, shape.Width], device: device).mul_(2).sub_(1);
    }

    /// <summary>A step that has run once.</summary>
    public GanStep Begin(TrainingPrecision precision)
    {
        var step = new GanStep(_networks, _case.Training with { Precision = precision });
        Run(step, 1);
        return step;
    }

    /// <summary>Runs a number of steps, and waits for their end.</summary>
    public void Run(GanStep step, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            step.Run(_real, () => randn([_case.Training.BatchSize, _networks.LatentSize], device: _device));
        }
        if (_device.type == DeviceType.CUDA) cuda.synchronize();
    }

    public void Dispose()
    {
        _real.Dispose();
        _networks.Dispose();
        _heap.Dispose();
    }
}
