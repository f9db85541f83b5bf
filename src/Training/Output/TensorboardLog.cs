using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GanPipeline.Training;

/// <summary>
/// A training's events for TensorBoard: the numbers of each log interval, each sample grid, and with it histograms of the weights and their
/// gradients; the options once, as text.
/// </summary>
internal sealed class TensorboardLog
{
    private readonly GanNetworks _networks;
    private readonly SummaryWriter _writer;

    /// <param name="folder">Receives a file of events; those of an earlier training are deleted where a new one begins.</param>
    /// <param name="networks">Whose weights are shown.</param>
    /// <param name="identity">The options.</param>
    /// <param name="firstStep">Steps done before.</param>
    public TensorboardLog(string folder, GanNetworks networks, TrainingIdentity identity, long firstStep)
    {
        _networks = networks;
        if (firstStep == 0 && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        _writer = utils.tensorboard.SummaryWriter(folder);
        // A table in Markdown.
        var rows = identity.Options.Select(option => $"| {option.Key} | {option.Value.Replace("|", "\\|", StringComparison.Ordinal)} |");
        _writer.add_text("options", string.Join("\n", rows.Prepend("|---|---|").Prepend("| option | value |")), Step(firstStep));
    }

    /// <summary>The numbers of a log interval.</summary>
    public void Add(TrainingProgress progress)
    {
        Add("loss/discriminator", progress.DiscriminatorLoss);
        Add("loss/generator", progress.GeneratorLoss);
        Add("accuracy/real", progress.RealAccuracy);
        Add("accuracy/generated", progress.GeneratedAccuracy);
        Add("gradient norm/discriminator", progress.DiscriminatorGradientNorm);
        Add("gradient norm/generator", progress.GeneratorGradientNorm);
        Add("learning rate/discriminator", progress.DiscriminatorLearningRate);
        Add("learning rate/generator", progress.GeneratorLearningRate);
        Add("images per second", progress.ImagesPerSecond);
        if (progress.AugmentationProbability is { } probability) Add("augmentation probability", probability);
        if (progress.Metric is { } metric) Add("metric", metric);
        if (progress.Signals is { } signals)
        {
            Add("samples/diversity", signals.Diversity);
            Add("samples/distance", signals.Distance);
            Add("samples/novelty", signals.Novelty);
            Add("samples/variation", signals.Variation);
        }
        if (progress.Overfitting is { } overfitting) Add("overfitting", overfitting);

        void Add(string tag, double value) => _writer.add_scalar(tag, (float)value, Step(progress.Step));
    }

    /// <summary>A sample grid, and the weights and gradients at this step; gradients stay in the parameters until the next one.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="picture">The grid's PNG file.</param>
    public void Add(long step, string picture)
    {
        _writer.add_img("samples", picture, Step(step));
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (name, network) in new[] { ("generator", _networks.Generator), ("discriminator", _networks.Discriminator) })
        {
            foreach (var (parameter, weights) in network.named_parameters())
            {
                Add($"{name} weights/{parameter}", weights);
                if (weights.grad is { } gradient) Add($"{name} gradients/{parameter}", gradient);
            }
        }

        void Add(string tag, Tensor values)
        {
            var finite = values.detach().cpu().to(float64).flatten();
            finite = finite[finite.isfinite()];
            if (finite.numel() > 0) _writer.add_histogram(tag, finite, Step(step));
        }
    }

    private static int Step(long step) => step <= int.MaxValue
        ? (int)step
        : throw new TrainingException(string.Create(CultureInfo.InvariantCulture,
            $"TensorBoard counts {int.MaxValue:N0} steps; leave its events out of a longer training (train.tensorboard: false)."));
}
