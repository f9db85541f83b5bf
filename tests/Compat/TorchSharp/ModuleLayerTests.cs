using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Compat.Tests;

/// <summary>Every layer against PyTorch's, on the same weights, input and upstream gradient.</summary>
[Collection(OneAtATime.Name)]
public class ModuleLayerTests
{
    // Sums in another order, in float32, of up to a few hundred terms of size 1.
    private const double Tolerance = 2e-5;

    private sealed record Layer(string Python, Func<Module<Tensor, Tensor>> Create, params long[] Input);

    private static readonly Layer[] Layers =
    [
        new("nn.Linear(7, 5)", () => Linear(7, 5), 3, 7),
        new("nn.Linear(7, 5, bias=False)", () => Linear(7, 5, hasBias: false), 3, 7),
        new("nn.Conv2d(3, 4, 3)", () => Conv2d(3, 4, 3), 2, 3, 8, 7),
        new("nn.Conv2d(3, 4, 4, stride=2, padding=1, bias=False)", () => Conv2d(3, 4, 4, stride: 2, padding: 1, bias: false), 2, 3, 8, 8),
        new("nn.Conv2d(4, 4, (3, 5), stride=(2, 1), padding=(1, 2), dilation=(2, 1), groups=2)",
            () => Conv2d(4, 4, (3, 5), (2, 1), (1, 2), (2, 1), groups: 2), 2, 4, 9, 8),
        new("nn.Conv2d(3, 4, 4, padding='same')", () => Conv2d(3, 4, 4, Padding.Same), 2, 3, 8, 7),
        new("nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')",
            () => Conv2d(3, 4, 3, padding: 1, padding_mode: PaddingModes.Reflect), 2, 3, 8, 7),
        new("nn.ConvTranspose2d(6, 4, 4, stride=2, padding=1, bias=False)", () => ConvTranspose2d(6, 4, 4, 2, 1, bias: false), 2, 6, 5, 5),
        new("nn.ConvTranspose2d(6, 4, 4)", () => ConvTranspose2d(6, 4, 4), 2, 6, 1, 1),
        new("nn.ConvTranspose2d(6, 4, 5, stride=2, padding=2, output_padding=1)", () => ConvTranspose2d(6, 4, 5, 2, 2, 1), 2, 6, 4, 3),
        new("nn.ConvTranspose2d(6, 4, 3, stride=2, dilation=2, groups=2)",
            () => ConvTranspose2d(6, 4, 3, 2, dilation: 2, groups: 2), 2, 6, 4, 3),
        new("nn.BatchNorm1d(5)", () => BatchNorm1d(5), 6, 5),
        new("nn.BatchNorm1d(5, eps=1e-3, momentum=0.2)", () => BatchNorm1d(5, 1e-3, 0.2), 6, 5, 4),
        new("nn.BatchNorm2d(5, eps=1e-3, momentum=0.01)", () => BatchNorm2d(5, 1e-3, 0.01), 6, 5, 4, 3),
        new("nn.BatchNorm2d(5, affine=False)", () => BatchNorm2d(5, affine: false), 6, 5, 4, 3),
        new("nn.BatchNorm2d(5, track_running_stats=False)", () => BatchNorm2d(5, track_running_stats: false), 6, 5, 4, 3),
        new("nn.ReLU()", () => ReLU(), 4, 5),
        new("nn.LeakyReLU(0.2)", () => LeakyReLU(0.2), 4, 5),
        new("nn.Sequential(nn.Linear(5, 4), nn.LeakyReLU(0.2, inplace=True), nn.Linear(4, 3), nn.ReLU(inplace=True))",
            () => Sequential(Linear(5, 4), LeakyReLU(0.2, inplace: true), Linear(4, 3), ReLU(inplace: true)), 4, 5),
        new("nn.Tanh()", () => Tanh(), 4, 5),
        new("nn.Sigmoid()", () => Sigmoid(), 4, 5),
        new("nn.Softplus(2, 1.5)", () => Softplus(2, 1.5), 4, 5),
        new("nn.Identity()", () => Identity(), 4, 5),
        new("nn.Dropout(0)", () => Dropout(0), 4, 5),
        new("nn.Flatten()", () => Flatten(), 2, 3, 4, 5),
        new("nn.Flatten(2, 3)", () => Flatten(2, 3), 2, 3, 4, 5),
        new("nn.Unflatten(1, (2, 3, 1))", () => Unflatten(1, [2, 3, 1]), 4, 6),
        new("nn.Upsample(scale_factor=2)", () => Upsample(scale_factor: [2, 2]), 2, 3, 4, 5),
        new("nn.Upsample(size=(7, 9), mode='bilinear', align_corners=True)",
            () => Upsample([7, 9], mode: UpsampleMode.Bilinear, align_corners: true), 2, 3, 4, 5),
        new("nn.ZeroPad2d(1)", () => ZeroPad2d(1), 2, 3, 4, 5),
        new("nn.ZeroPad2d((0, 1, 2, 3))", () => ZeroPad2d((0, 1, 2, 3)), 2, 3, 4, 5),
        new("nn.MaxPool2d(2)", () => MaxPool2d(2), 2, 3, 5, 6),
        new("nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True)", () => MaxPool2d(3, 2, 1, ceil_mode: true), 2, 3, 6, 7),
        new("nn.AvgPool2d(2)", () => AvgPool2d(2), 2, 3, 5, 6),
        new("nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)", () => AvgPool2d(3, 2, 1, count_include_pad: false), 2, 3, 6, 7),
        new("nn.AdaptiveMaxPool2d((4, 4))", () => AdaptiveMaxPool2d([4, 4]), 2, 3, 6, 7),
        new("nn.AdaptiveAvgPool2d((4, 4))", () => AdaptiveAvgPool2d([4, 4]), 2, 3, 6, 7),
        new("nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Sequential(nn.LeakyReLU(0.2), nn.Linear(8, 3)), nn.Tanh())",
            () => Sequential(Linear(6, 8), BatchNorm1d(8), Sequential(LeakyReLU(0.2), Linear(8, 3)), Tanh()), 5, 6),
    ];

    [PeerFact(PyTorch.Python, "-c", PyTorch.Imports)]
    public void Layers_AreEqualToPyTorchs_ForwardBackwardAndInEvaluation()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var sent = new Dictionary<string, Tensor>();
        var ours = new Dictionary<string, Tensor>();
        for (var i = 0; i < Layers.Length; i++) Run(Layers[i], $"{i}", sent, ours);

        var theirs = PyTorch.Run("peer_layers.py", sent, Layers.Index().ToDictionary(layer => $"{layer.Index}", layer => layer.Item.Python));

        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        var wrong = theirs.Select(entry => (entry.Key, Difference: PyTorch.Difference(ours[entry.Key], entry.Value)))
            .Where(entry => !(entry.Difference <= Tolerance))
            .Select(entry => $"{Layers[int.Parse(entry.Key.Split('/')[0])].Python}: {entry.Key} differs by {entry.Difference:g3}");
        Assert.Empty(wrong);
    }

    private static void Run(Layer layer, string name, Dictionary<string, Tensor> sent, Dictionary<string, Tensor> ours)
    {
        using var module = layer.Create();
        foreach (var (key, value) in module.state_dict()) sent[$"{name}/state/{key}"] = value.detach().clone();
        var x = sent[name + "/x"] = randn(layer.Input).requires_grad_();
        var y = x;
        var weights = sent[name + "/weights"] = randn(OutputShape(layer, x));
        for (var step = 0; step < 2; step++)
        {
            y = module.call(x);
            (y * weights).sum().backward();
        }
        ours[name + "/y"] = y;
        ours[name + "/x.grad"] = x.grad!;
        foreach (var (key, parameter) in module.named_parameters()) ours[$"{name}/grad/{key}"] = parameter.grad!;
        foreach (var (key, value) in module.state_dict()) ours[$"{name}/state/{key}"] = value.detach().clone();
        module.eval();
        ours[name + "/eval"] = module.call(x);
    }

    private static long[] OutputShape(Layer layer, Tensor x)
    {
        using var module = layer.Create();
        using var gradients = no_grad();
        return module.call(x).shape;
    }
}
