namespace GanPipeline.Inference.Tests;

/// <summary>Tests on the generator and the classifier of <see cref="LatentWorld"/>.</summary>
public abstract class LatentWorldTests : IDisposable
{
    protected GeneratorModel Generator { get; } = GeneratorModel.Load(LatentWorld.Generator);

    protected ClassifierModel Classifier { get; } = ClassifierModel.Load(LatentWorld.Classifier);

    private protected LatentReader Reader => new(Generator, Classifier);

    public void Dispose()
    {
        Generator.Dispose();
        Classifier.Dispose();
        GC.SuppressFinalize(this);
    }
}
