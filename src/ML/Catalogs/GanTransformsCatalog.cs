using GanPipeline.ML;

namespace Microsoft.ML;

/// <summary>Transforms on the networks of generative adversarial networks.</summary>
public static class GanTransformsCatalog
{
    /// <summary>Extracts the features that a frozen discriminator sees in images, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The column to add: a vector of Single of as many features as the model gives.</param>
    /// <param name="inputColumnName">The column of images, vectors of Single [C, H, W] in [-1, 1]; null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="modelFile">An ONNX file with the one input <c>image</c> and an output <c>features</c>, as <c>features.onnx</c>.</param>
    /// <param name="gpuDeviceId">A CUDA device, or null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <exception cref="GanPipeline.Inference.ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <remarks>
    /// <see cref="OnnxCatalog"/>'s <c>ApplyOnnxModel</c> computes the same row by row. <see cref="MLContext.GpuDeviceId"/> is not seen from
    /// here; give <paramref name="gpuDeviceId"/>.
    /// </remarks>
    public static DiscriminatorFeaturizingEstimator ExtractDiscriminatorFeatures(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        new(catalog, new DiscriminatorFeaturizingOptions
        {
            OutputColumnName = outputColumnName, InputColumnName = inputColumnName, ModelFile = modelFile,
            GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu,
        });

    /// <summary>Extracts the features that a frozen discriminator sees in images, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Columns, model, batch size, device, threads.</param>
    /// <exception cref="GanPipeline.Inference.ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static DiscriminatorFeaturizingEstimator ExtractDiscriminatorFeatures(this TransformsCatalog catalog, DiscriminatorFeaturizingOptions options) =>
        new(catalog, options);

    /// <summary>Generates images from a column of latents, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The column to add: images, vectors of Single [C, H, W] in [-1, 1].</param>
    /// <param name="inputColumnName">The column of latents, vectors of Single; null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="modelFile">A generator, as <c>generator.onnx</c>.</param>
    /// <param name="gpuDeviceId">A CUDA device, or null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <exception cref="GanPipeline.Inference.ModelException">The file is missing, damaged, or another kind of model.</exception>
    public static ImageGeneratingEstimator GenerateImages(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName,
        string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        new(catalog, new ImageGeneratingOptions
        {
            OutputColumnName = outputColumnName, InputColumnName = inputColumnName, ModelFile = modelFile,
            GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu,
        });

    /// <summary>Generates images from a column of latents, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Columns, model, batch size, device, threads.</param>
    /// <exception cref="GanPipeline.Inference.ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static ImageGeneratingEstimator GenerateImages(this TransformsCatalog catalog, ImageGeneratingOptions options) => new(catalog, options);
}
