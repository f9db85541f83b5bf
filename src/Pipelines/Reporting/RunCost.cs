namespace GanPipeline.Pipelines;

/// <summary>What a run's training took.</summary>
/// <param name="Steps">Done so far.</param>
/// <param name="State">Where the training is not over or ended early; empty otherwise.</param>
/// <param name="Minutes">So far.</param>
/// <param name="ImagesPerSecond">Trained on; while the training runs, the median of its log intervals.</param>
/// <param name="GeneratorParameters">Null while they are not known, and of a classifier.</param>
/// <param name="DiscriminatorParameters">Likewise.</param>
/// <param name="Device">With the precision and the threads; empty while it is not known.</param>
internal sealed record RunCost(long Steps, string State, double Minutes, double ImagesPerSecond, long? GeneratorParameters,
    long? DiscriminatorParameters, string Device)
{
    /// <summary>"218,496, 172,288", or nothing.</summary>
    public string Parameters => string.Join(", ", new[] { GeneratorParameters, DiscriminatorParameters }.OfType<long>()
        .Select(TextFormat.Count));

    public static RunCost Of(ComparedRun run)
    {
        var steps = run.IsClassifier ? (long?)null : run.Options.Train.Steps;
        var (gan, classifier) = run.IsClassifier ? (null, run.Of<ClassifierTrainMetrics>("train"))
            : (run.Of<TrainMetrics>("train"), (ClassifierTrainMetrics?)null);
        var state = !run.IsTrained ? steps is { } all ? $"of {TextFormat.Count(all)} so far" : "so far" : gan?.EndedBy ?? "";
        var rates = run.Metrics.Select(m => m.ImagesPerSecond).Order().ToArray();
        string[] device = gan is null ? []
            : [gan.Device, gan.Precision ?? "", gan.Threads is { } threads ? TextFormat.Count(threads, "thread") : "",
                gan.Processes is { } processes ? TextFormat.Count(processes, "process") : ""];
        return new(gan?.Steps ?? classifier?.Steps ?? run.Steps, state, (gan?.Seconds ?? classifier?.Seconds ?? run.Seconds) / 60,
            gan?.ImagesPerSecond ?? classifier?.ImagesPerSecond ?? rates[rates.Length / 2], gan?.Parameters.Generator,
            gan?.Parameters.Discriminator, string.Join(", ", device.Where(part => part.Length > 0)));
    }
}
