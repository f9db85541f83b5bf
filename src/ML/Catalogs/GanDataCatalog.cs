using GanPipeline.Inference;
using GanPipeline.ML;

namespace Microsoft.ML;

/// <summary>Generators as data.</summary>
public static class GanDataCatalog
{
    /// <summary>Samples of a generator as a view: columns <c>Image</c> and <c>Latent</c>, generated in batches as they are read.</summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="modelFile">A generator, as <c>generator.onnx</c>.</param>
    /// <param name="count">How many samples; null goes on for ever, to be cut by <c>TakeRows</c>.</param>
    /// <param name="seed">Any number; sample i of a seed is the same image everywhere.</param>
    /// <param name="first">Index of the first sample.</param>
    /// <param name="gpuDeviceId">A CUDA device, or null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <returns>A view that may be disposed, to free the model at once, when nothing reads it any more.</returns>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or first index.</exception>
    public static GeneratorView LoadFromGenerator(this DataOperationsCatalog catalog, string modelFile, long? count = null, long seed = 0,
        long first = 0, int? gpuDeviceId = null, bool fallbackToCpu = false) => LoadFromGenerator(catalog, new GeneratorViewOptions
        {
            ModelFile = modelFile, Count = count, Seed = seed, First = first,
            Model = new ModelOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu },
        });

    /// <summary>Samples of a generator as a view, generated in batches as they are read.</summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="options">Model, samples, columns, and how the model is run.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static GeneratorView LoadFromGenerator(this DataOperationsCatalog catalog, GeneratorViewOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new GeneratorView(options);
    }
}
