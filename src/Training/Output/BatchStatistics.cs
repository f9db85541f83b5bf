using GanPipeline.Data;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GanPipeline.Training;

/// <summary>The running statistics of batch normalisations, computed anew over real images.</summary>
/// <remarks>
/// In training they follow the last few hundred batches, real and generated ones by turns, at weights that change. What the frozen
/// network is to see instead are the training images alone at the final weights: the plain average of the statistics of batches, as
/// Torch's <c>momentum = None</c> gives it. An untrained network's statistics, 0 and 1, are replaced likewise, without which it
/// would be no fair control.
/// </remarks>
public static class BatchStatistics
{
    private const int BatchSize = 100;

    /// <summary>Gives every batch normalisation of a network the mean and variance that its inputs have over real images.</summary>
    /// <param name="network">Takes images [N, C, H, W] in [-1, 1]. It is changed in place. Dropout is off meanwhile; every module's
    /// mode and momentum stay as they were.</param>
    /// <param name="images">The training images; unusable ones are replaced by others.</param>
    /// <param name="count">How many images at most, at least 2. They are drawn without repetition, the same ones at every call.</param>
    /// <param name="labelPlanes">How many planes a conditional discriminator takes behind the image's channels; here they are zero.</param>
    /// <param name="stop">Stops between two batches.</param>
    /// <returns>The images used: the largest multiple of a batch of 100 that neither <paramref name="count"/> nor the data exceeds; all
    /// of them where these are fewer than 100. 0 where the network has no batch normalisation.</returns>
    /// <exception cref="DataSetException">Too few pictures are usable.</exception>
    public static int Calibrate(Module<Tensor, Tensor> network, IImageSource images, int count = 10_000, int labelPlanes = 0,
        CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var norms = network.modules().OfType<BatchNorm>().Where(norm => norm.track_running_stats).ToArray();
        if (norms.Length == 0) return 0;

        count = Math.Min(count, images.Count);
        var batchSize = Math.Min(BatchSize, count);
        var batches = count / batchSize;
        var modes = network.modules().Prepend(network).Select(module => (module, module.training)).ToArray();
        var momenta = norms.Select(norm => norm.momentum).ToArray();
        network.eval();
        foreach (var norm in norms) norm.train();
        try
        {
            using var untracked = no_grad();
            using var loader = new BatchLoader(images, new BatchLoaderOptions { BatchSize = batchSize, CacheBytes = 0 });
            var device = network.parameters().First().device;
            using var none = zeros(batchSize, labelPlanes, images.Shape.Height, images.Shape.Width, device: device);
            for (var batch = 0; batch < batches; batch++)
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                // The batch's share in the average of those so far; the first one's is all.
                foreach (var norm in norms) norm.momentum = 1.0 / (batch + 1);
                using var next = loader.Next(stop);
                var batchImages = BatchTensors.Images(next.Pixels, batchSize, images.Shape, device);
                network.call(labelPlanes == 0 ? batchImages : cat([batchImages, none], 1));
            }
        }
        finally
        {
            foreach (var (norm, momentum) in norms.Zip(momenta)) norm.momentum = momentum;
            // train() reaches the children too, so parents go first.
            foreach (var (module, training) in modes) module.train(training);
        }
        return batches * batchSize;
    }
}
