using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Bench;

/// <summary>The classifier of CIFAR-10 that measures samples: three stages of two 3 x 3 convolutions.</summary>
internal sealed class PlainClassifier : PlainPeer
{
    private const int Classes = 10;

    private readonly Sequential _network;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _images;
    private readonly Tensor _labels;

    public PlainClassifier(int filters, int batch, Device device)
    {
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        long before = 3;
        for (var i = 0; i < 6; i++)
        {
            var width = (long)filters << (i / 2);
            layers.Add(($"conv{i}", Conv2d(before, width, 3, padding: 1, bias: false)));
            layers.Add(($"norm{i}", BatchNorm2d(width)));
            layers.Add(($"relu{i}", ReLU()));
            if (i % 2 == 1) layers.Add(($"pool{i}", MaxPool2d(2)));
            before = width;
        }
        layers.Add(("flatten", Flatten()));
        layers.Add(("features", Linear(before * 4 * 4, 128)));
        layers.Add(("relu", ReLU()));
        layers.Add(("logits", Linear(128, Classes)));
        _network = Sequential(layers).to(device);
        _optimizer = optim.Adam(_network.parameters(), 2e-3);
        _images = rand([batch, 3, 32, 32], device: device) * 2 - 1;
        _labels = randint(Classes, batch, dtype: int64, device: device);
    }

    protected override void Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        functional.cross_entropy(_network.call(_images), _labels).backward();
        _optimizer.step();
    }

    public override void Dispose()
    {
        _network.Dispose();
        _optimizer.Dispose();
        _images.Dispose();
        _labels.Dispose();
    }
}
