namespace GanPipeline.Training;

/// <summary>Looks at a generator's samples every few hundred steps: a training is diagnosed by more than its losses.</summary>
public interface IGeneratorProbe
{
    /// <summary>Compares the generator's samples with real images. Equal samples must have equal signals.</summary>
    GeneratorSignals Probe(GeneratorInTraining generator);
}

/// <summary>What a generator's samples tell of its training.</summary>
/// <param name="Diversity">How many times as many different images the samples show as real ones do: 1 as many, near 0 one alone.</param>
/// <param name="Distance">How far the samples are from real images: 0 is none, 1 as far as noise is.</param>
/// <param name="Novelty">The distance of samples to the nearest training image, by that of training images to the nearest other one:
/// 0 is copies, about 1 is as new as other images of the same kind.</param>
/// <param name="Variation">The variance of a pixel over latents, where the label stays the same, by its variance over real images: 0 is a
/// generator that ignores its latents.</param>
public readonly record struct GeneratorSignals(double Diversity, double Distance, double Novelty, double Variation);
