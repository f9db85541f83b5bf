using static TorchSharp.torch;

namespace GanPipeline.Training.Tests;

/// <summary>The memory layout that networks have on CUDA, here on the processor.</summary>
public class ChannelsLastTests
{
    [Fact]
    public void Only_kernels_of_several_channels_and_places_are_moved_and_keep_their_values()
    {
        using var scope = NewDisposeScope();
        using var networks = Architectures.Create(new() { Name = "dcgan", Shape = new(1, 32, 32), LatentSize = 16, Filters = 8 });
        var before = networks.Discriminator.parameters().Select(p => p.detach().clone()).ToArray();
        Devices.UseChannelsLast(networks.Discriminator);
        foreach (var (was, now) in before.Zip(networks.Discriminator.parameters()))
        {
            Assert.Equal(0, (was - now).abs().max().item<float>());
            Assert.Equal(now.shape is not [_, > 1, > 1, > 1], now.is_contiguous());
        }
        Assert.Contains(networks.Discriminator.parameters(), p => !p.is_contiguous());
    }

    [Fact]
    public void Steps_and_checkpoints_are_those_of_the_other_layout()
    {
        using var scope = NewDisposeScope();
        var (plain, plainBytes) = Train(channelsLast: false);
        var (moved, movedBytes) = Train(channelsLast: true);
        // Sums of up to 8 x 16 products, in another order, three steps of 2e-4 in a row: a thousandth of what they moved by.
        foreach (var (one, other) in plain.Zip(moved)) Assert.InRange((one - other).abs().max().item<float>(), 0, 6e-7f);
        Assert.Equal(plainBytes, movedBytes);

        static (Tensor[] Weights, long Bytes) Train(bool channelsLast)
        {
            using var networks = Architectures.Create(
                new() { Name = "dcgan", Shape = new(3, 32, 32), LatentSize = 16, Filters = 8, Dropout = 0 }, seed: 2);
            if (channelsLast)
            {
                Devices.UseChannelsLast(networks.Generator);
                Devices.UseChannelsLast(networks.Discriminator);
            }
            using var step = new GanStep(networks, new() { Folder = "unused", Epsilon = 1e-2 });
            manual_seed(5);
            for (var i = 0; i < 3; i++) step.Run(randn(8, 3, 32, 32).tanh(), () => randn(8, 16));
            using var stream = new MemoryStream();
            SafeTensorsWriter.Write(stream, TrainingState.Tensors(networks, step, null));
            return ([.. networks.Discriminator.parameters().Select(p => p.detach().clone().contiguous())], stream.Length);
        }
    }
}
