using GanPipeline.Inference;
using GanPipeline.ML;

namespace Microsoft.ML;

/// <summary>Transforms on the networks of generative adversarial networks.</summary>
public static class GanTransformsCatalog
{
    /// <summary>Extracts the features that a frozen discriminator sees in images, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The column to add: a vector of Single of as many features as the model gives.</param>
    /// <param name="inputColumnName">
    /// The column of images, vectors of Single [C, H, W] in [-1, 1], or pictures (<c>MLImage</c>) of any size; null takes
    /// <paramref name="outputColumnName"/>.
    /// </param>
    /// <param name="modelFile">An ONNX file with the one input <c>image</c> and an output <c>features</c>, as <c>features.onnx</c>.</param>
    /// <param name="gpuDeviceId">A CUDA device; null takes the context's, or the CPU where it has none.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <remarks><c>ApplyOnnxModel</c> computes the same row by row.</remarks>
    public static DiscriminatorFeaturizingEstimator ExtractDiscriminatorFeatures(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        new(catalog, new DiscriminatorFeaturizingOptions
        {
            OutputColumnName = outputColumnName, InputColumnName = inputColumnName, ModelFile = modelFile,
            Model = new ModelOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu },
        });

    /// <summary>Extracts the features that a frozen discriminator sees in images, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Columns, model, and how it is run.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static DiscriminatorFeaturizingEstimator ExtractDiscriminatorFeatures(this TransformsCatalog catalog,
        DiscriminatorFeaturizingOptions options) =>
        new(catalog, options);

    /// <summary>Generates images from a column of latents, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The column to add: images, vectors of Single [C, H, W] in [-1, 1].</param>
    /// <param name="inputColumnName">The column of latents, vectors of Single; null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="modelFile">A generator, as <c>generator.onnx</c>.</param>
    /// <param name="labelColumnName">
    /// The column of labels of a conditional generator, see <see cref="ImageGeneratingOptions.LabelColumnName"/>; else null.
    /// </param>
    /// <param name="gpuDeviceId">A CUDA device; null takes the context's, or the CPU where it has none.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    public static ImageGeneratingEstimator GenerateImages(this TransformsCatalog catalog, string outputColumnName, string? inputColumnName,
        string modelFile, string? labelColumnName = null, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        new(catalog, new ImageGeneratingOptions
        {
            OutputColumnName = outputColumnName, InputColumnName = inputColumnName, ModelFile = modelFile,
            LabelColumnName = labelColumnName,
            Model = new ModelOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu },
        });

    /// <summary>Generates images from a column of latents, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Columns, model, and how it is run.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option outside its range.</exception>
    public static ImageGeneratingEstimator GenerateImages(this TransformsCatalog catalog, ImageGeneratingOptions options) =>
        new(catalog, options);

    /// <summary>Translates images to images by a network such as the generator of Pix2Pix or CycleGAN, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The column to add: images, vectors of Single [C, H, W] in [-1, 1].</param>
    /// <param name="inputColumnName">
    /// The column of images, vectors of Single [C, H, W] in [-1, 1], or pictures (<c>MLImage</c>) of any size; null takes
    /// <paramref name="outputColumnName"/>.
    /// </param>
    /// <param name="modelFile">A model from images to images, as <c>translator.onnx</c>; of free size, it has that of the training.</param>
    /// <param name="gpuDeviceId">A CUDA device; null takes the context's, or the CPU where it has none.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentException">The model names no size.</exception>
    public static ImageTranslatingEstimator TranslateImages(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        new(catalog, new ImageTranslatingOptions
        {
            OutputColumnName = outputColumnName, InputColumnName = inputColumnName, ModelFile = modelFile,
            Model = new ModelOptions { GpuDeviceId = gpuDeviceId, FallbackToCpu = fallbackToCpu },
        });

    /// <summary>Translates images to images, in batches.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Columns, model, size, and how it is run.</param>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentException">An option outside its range, or a size that the model does not take.</exception>
    public static ImageTranslatingEstimator TranslateImages(this TransformsCatalog catalog, ImageTranslatingOptions options) =>
        new(catalog, options);

    /// <summary>Loads image files as the vectors that the networks take, prepared as the training's images are.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="outputColumnName">The column to add: vectors of Single [C, H, W] in [-1, 1].</param>
    /// <param name="imageFolder">The folder that relative paths begin at; null is the current one.</param>
    /// <param name="inputColumnName">The column of paths, texts; null takes <paramref name="outputColumnName"/>.</param>
    /// <param name="imageSize">The side of the square images in pixels, 4 to 1024; null takes the model's, or 64 without one.</param>
    /// <param name="channels">1 for gray or 3 for colour; null takes the model's, or 3 without one.</param>
    /// <param name="fit">How an image that is not square becomes so: <c>crop</c>, <c>pad</c> or <c>stretch</c>.</param>
    /// <param name="modelFile">The model that the images are for, as <c>features.onnx</c>: it knows their size and channels.</param>
    /// <exception cref="ArgumentException">
    /// A size, number of channels or fit that there is not, or that the model does not take.
    /// </exception>
    /// <exception cref="ModelException">The model's file is missing, damaged, or takes no images.</exception>
    /// <remarks>A chain with it cannot be saved: load images before the chain that is to be saved.</remarks>
    public static GanImageLoadingEstimator LoadGanImages(this TransformsCatalog catalog, string outputColumnName,
        string? imageFolder = null, string? inputColumnName = null, int? imageSize = null, int? channels = null, string fit = "crop",
        string? modelFile = null) =>
        new(catalog, new GanImageLoadingOptions
        {
            OutputColumnName = outputColumnName, ImageFolder = imageFolder, InputColumnName = inputColumnName,
            ImageSize = imageSize, Channels = channels, Fit = fit, ModelFile = modelFile,
        });

    /// <summary>Loads image files as the vectors that the networks take, prepared as the training's images are.</summary>
    /// <param name="catalog">The transform's catalog.</param>
    /// <param name="options">Columns, folder, size, channels, fit, and what happens at a file that is no usable image.</param>
    /// <exception cref="ArgumentException">A size, number of channels or fit that there is not.</exception>
    public static GanImageLoadingEstimator LoadGanImages(this TransformsCatalog catalog, GanImageLoadingOptions options) =>
        new(catalog, options);
}
