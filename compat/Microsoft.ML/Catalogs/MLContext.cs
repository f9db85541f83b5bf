using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where everything of ML.NET starts: the catalogs of what it offers. Its randomness comes from one seed.</summary>
public sealed class MLContext : IHostEnvironment
{
    private readonly Random random;

    /// <param name="seed">Makes what is random the same in every run; null takes a new seed.</param>
    public MLContext(int? seed = null)
    {
        random = seed is { } given ? new Random(given) : new Random();
        Data = new(this);
        Model = new(this);
        Transforms = new(this);
        BinaryClassification = new(this);
        MulticlassClassification = new(this);
    }

    public BinaryClassificationCatalog BinaryClassification { get; }

    public ComponentCatalog ComponentCatalog { get; } = new();

    public DataOperationsCatalog Data { get; }

    /// <summary>Whether what asks for a GPU that is not there runs on the processor instead.</summary>
    public bool FallbackToCpu { get; set; }

    /// <summary>The GPU for what can run on one; null for the processor.</summary>
    public int? GpuDeviceId { get; set; }

    public ModelOperationsCatalog Model { get; }

    public MulticlassClassificationCatalog MulticlassClassification { get; }

    public TransformsCatalog Transforms { get; }

    /// <summary>A seed for something that was given none.</summary>
    internal int NextSeed()
    {
        lock (random) return random.Next();
    }
}
