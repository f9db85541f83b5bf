namespace GanPipeline.Pipelines;

/// <summary>What a user sees of a run. One implementation draws in place on a terminal, one writes plain lines.</summary>
internal interface IRunDisplay
{
    void Begin(string pipeline, string description, string folder);

    /// <summary>A stage that need not run.</summary>
    void Skipped(string stage, string line);

    /// <summary>Runs a stage's work between its heading and its one line of metrics.</summary>
    T Stage<T>(string stage, Func<T> work, Func<T, (double Seconds, string Line)> result);

    /// <summary>A sentence that stays on the screen.</summary>
    void Note(string text);

    /// <summary>How far the training is.</summary>
    void Training(TrainingTick tick);

    /// <summary>How far any other long piece of work is.</summary>
    void Progress(string what, long done, long total);

    /// <summary>Where things are, when all is done.</summary>
    void End(double seconds, IReadOnlyList<(string What, string Where)> files);
}

/// <param name="DiscriminatorLoss">NaN where the network has none (as for a classifier, whose one loss is
/// <paramref name="GeneratorLoss"/>).</param>
/// <param name="OnReal">Share of real images that the discriminator takes for real.</param>
/// <param name="OnGenerated">Share of generated images that it takes for generated.</param>
/// <param name="SecondsLeft">NaN while unknown.</param>
internal readonly record struct TrainingTick(long Step, long Steps, double ImagesPerSecond, double DiscriminatorLoss, double GeneratorLoss,
    double OnReal, double OnGenerated, double SecondsLeft)
{
    public double Share => Steps <= 0 ? 1 : Math.Clamp((double)Step / Steps, 0, 1);

    /// <summary>"step 400 of 1,500, 27 %".</summary>
    public string Position() => $"step {TextFormat.Count(Step)} of {TextFormat.Count(Steps)}, {TextFormat.Percent(Share)}";
}
