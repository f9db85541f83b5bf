using GanPipeline.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training.Tests;

public class BatchStatisticsTests
{
    private static readonly SyntheticSource _images = new(new ImageShape(1, 8, 8), count: 250);

    private static Sequential Network() => Sequential(
        ("conv", Conv2d(1, 3, 3)), ("norm", BatchNorm2d(3, momentum: 0.1)), ("relu", ReLU()), ("drop", Dropout(0.9)), ("conv2", Conv2d(
            3,
            2,
            3)), ("norm2", BatchNorm2d(2)));

    [Fact]
    public void Statistics_are_the_average_over_batches_of_real_images()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var network = Network();
        var (norm, drop, norm2) = ((BatchNorm2d)network[1], (Dropout)network[3], (BatchNorm2d)network[5]);
        drop.eval();
        using (no_grad()) norm.running_mean!.fill_(1000); // what was there before leaves no trace
        Assert.Equal(200, BatchStatistics.Calibrate(network, _images, 205));
        Assert.Equal((true, false, 0.1), (norm.training, drop.training, norm.momentum));

        // The same by hand. Batches have as many pixels each, so the mean over both is the mean of the means; dropout is off.
        float[] Mean(Func<Tensor, Tensor> map, bool variance)
        {
            using var loader = new BatchLoader(_images, new BatchLoaderOptions { BatchSize = 100 });
            var sum = zeros(3);
            for (var batch = 0; batch < 2; batch++)
            {
                using var pixels = loader.Next();
                var x = map(tensor(pixels.Pixels.Select(b => b / 127.5f - 1).ToArray(), [100, 1, 8, 8])).permute(1, 0, 2, 3).flatten(1);
                var mean = x.mean([1]);
                sum = variance ? sum + (x - mean.unsqueeze(1)).pow(2).sum(1) / (x.shape[1] - 1) : sum + mean;
            }
            return (sum / 2).data<float>().ToArray();
        }
        using (no_grad())
        {
            var conv = (Conv2d)network[0];
            foreach (var (expected, actual) in Mean(x => conv.call(x), false).Zip(norm.running_mean!.data<float>().ToArray())) Assert.Equal(
                expected,
                actual,
                1e-4f);
            foreach (var (expected, actual) in Mean(x => conv.call(x), true).Zip(norm.running_var!.data<float>().ToArray())) Assert.Equal(
                expected,
                actual,
                1e-4f);
        }
        Assert.All(norm2.running_var!.data<float>().ToArray(), value => Assert.NotEqual(1, value));

        // Twice is the same as once.
        var first = norm2.running_mean!.data<float>().ToArray();
        BatchStatistics.Calibrate(network, _images, 205);
        Assert.Equal(first, norm2.running_mean!.data<float>().ToArray());
    }

    [Fact]
    public void A_network_without_normalisation_needs_none_and_few_images_are_one_batch()
    {
        using var plain = Sequential(Conv2d(1, 3, 3), ReLU());
        Assert.Equal(0, BatchStatistics.Calibrate(plain, _images));
        using var network = Network();
        Assert.Equal(7, BatchStatistics.Calibrate(network, _images, 7));
        Assert.Throws<ArgumentOutOfRangeException>(() => BatchStatistics.Calibrate(network, _images, 1));
    }
}
