namespace GanPipeline.Training.Tests;

/// <summary>Finds a generator the better, the darker its pictures.</summary>
internal sealed class BrightnessEvaluator : IGeneratorEvaluator
{
    public double Evaluate(GeneratorInTraining generator) => generator.SampleBatches(100, seed: 9).Average(Mean);

    private static double Mean(ImageTensor images) => images.Values.ToArray().Average(value => (double)value);
}
