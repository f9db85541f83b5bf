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

    /// <summary>
    /// Adds generated images to real ones of the same classes: where real ones are few, a classifier learns from both. Classes are matched
    /// by their names, whatever their keys.
    /// </summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="real">Rows with the columns <c>Image</c> and <c>Label</c>.</param>
    /// <param name="modelFile">A generator of these classes, as <c>generator.onnx</c>, with images of the same size.</param>
    /// <param name="perClass">How many to generate of each class.</param>
    /// <param name="seed">Decides the latents and the order of rows.</param>
    /// <returns>
    /// The columns <c>Image</c>, <c>Label</c> and <c>Generated</c>. The view may be disposed, to free the model at once, when nothing reads
    /// it any more.
    /// </returns>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentException">The generator does not know a class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a negative number.</exception>
    public static AugmentedView AppendGenerated(this DataOperationsCatalog catalog, IDataView real, string modelFile, int perClass,
        long seed = 0) =>
        AppendGenerated(catalog, real, new GeneratedAppendingOptions { ModelFile = modelFile, PerClass = perClass, Seed = seed });

    /// <summary>Adds generated images to real ones of the same classes.</summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="real">Rows with a column of images and one of classes.</param>
    /// <param name="options">Model, columns, how many of which classes, and how the model is run.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentException">
    /// The generator does not know a class, or both or neither of <see cref="GeneratedAppendingOptions.PerClass"/> and
    /// <see cref="GeneratedAppendingOptions.FillTo"/> is given.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a negative number.</exception>
    public static AugmentedView AppendGenerated(this DataOperationsCatalog catalog, IDataView real, GeneratedAppendingOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(options);
        return new AugmentedView(real, options.Checked());
    }
}
