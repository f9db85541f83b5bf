using GanPipeline.Data;
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
    /// <param name="seed">
    /// Any number; sample i of a seed is the same image everywhere. Null takes the context's seed, or 0 where it has none.
    /// </param>
    /// <param name="first">Index of the first sample.</param>
    /// <param name="gpuDeviceId">A CUDA device; null takes the context's, or the CPU where it has none.</param>
    /// <param name="fallbackToCpu">Whether a GPU that cannot be used means the CPU instead of an error.</param>
    /// <returns>A view that may be disposed, to free the model at once, when nothing reads it any more.</returns>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative count or first index.</exception>
    public static GeneratorView LoadFromGenerator(this DataOperationsCatalog catalog, string modelFile, long? count = null,
        long? seed = null, long first = 0, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        LoadFromGenerator(catalog, new GeneratorViewOptions
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
        ArgumentNullException.ThrowIfNull(options);
        var context = ContextSettings.Of(catalog);
        return new GeneratorView(options with { Seed = options.Seed ?? context.Seed, Model = context.Apply(options.Model) });
    }

    /// <summary>
    /// The images of a folder, an archive or a data set's own files as a view: columns <c>Image</c>, <c>Label</c> where there are classes,
    /// <c>File</c>. Folders may be of classes; MNIST's and CIFAR's files are recognised.
    /// </summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="path">A folder, zip or tar of images, or the folder or file of a data set.</param>
    /// <param name="imageSize">The side of the square images in pixels, 4 to 1024; null takes the model's or the data set's.</param>
    /// <param name="channels">1 for gray or 3 for colour; null takes the model's, or what the images have.</param>
    /// <param name="modelFile">The model that the images are for, as <c>features.onnx</c>: it knows their size and channels.</param>
    /// <param name="split">Of a data set that has both: <c>train</c>, <c>test</c>, or <c>all</c>.</param>
    /// <returns>A view that is disposed when nothing reads it any more.</returns>
    /// <exception cref="DataSetException">There are no such images, or none that can be used.</exception>
    /// <exception cref="ArgumentException">The model takes other images than are asked for.</exception>
    /// <exception cref="ModelException">The model's file is missing, damaged, or takes no images.</exception>
    public static ImageSourceView LoadFromImages(this DataOperationsCatalog catalog, string path, int? imageSize = null,
        int? channels = null, string? modelFile = null, string split = "train")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var (size, depth) = modelFile is null ? (imageSize ?? 0, channels ?? 0) : ModelImages.Of(modelFile, imageSize, channels);
        return LoadFromImages(catalog, new DataOptions
        {
            Kind = DataSets.Recognize(path), Path = path, Size = size, Channels = depth, Split = split,
        });
    }

    /// <summary>
    /// A data set's images as a view: columns <c>Image</c>, <c>Label</c>, <c>File</c>, and one for each further attribute; of pairs
    /// (<see cref="DataOptions.Pair"/>) <c>Image</c> is the input, and a column <c>Target</c> the target.
    /// </summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="options">Which images, in what form, and their table of attributes.</param>
    /// <returns>A view that is disposed when nothing reads it any more.</returns>
    /// <exception cref="DataSetException">There are no such images, or none that can be used.</exception>
    public static ImageSourceView LoadFromImages(this DataOperationsCatalog catalog, DataOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var source = DataSets.Open(options);
        foreach (var note in source.Notes) ContextSettings.Of(catalog).Warn(note);
        return new ImageSourceView(source, ownsSource: true, ContextSettings.Of(catalog));
    }

    /// <summary>The images of an open data set as a view. The data set stays the caller's.</summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="source">The data set, which is disposed after the view's last use.</param>
    public static ImageSourceView LoadFromImages(this DataOperationsCatalog catalog, IImageSource source)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(source);
        return new ImageSourceView(source, ownsSource: false, ContextSettings.Of(catalog));
    }

    /// <summary>
    /// Adds generated images to real ones of the same classes: where real ones are few, a classifier learns from both. Classes are matched
    /// by their names, whatever their keys.
    /// </summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="real">Rows with the columns <c>Image</c> and <c>Label</c>.</param>
    /// <param name="modelFile">A generator of these classes, as <c>generator.onnx</c>, with images of the same size.</param>
    /// <param name="perClass">How many to generate of each class.</param>
    /// <param name="seed">Decides the latents and the order of rows; null takes the context's seed, or 0 where it has none.</param>
    /// <returns>
    /// The columns <c>Image</c>, <c>Label</c> and <c>Generated</c>. The view may be disposed, to free the model at once, when nothing reads
    /// it any more.
    /// </returns>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentException">The generator does not know a class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type, or a negative number.</exception>
    public static AugmentedView AppendGenerated(this DataOperationsCatalog catalog, IDataView real, string modelFile, int perClass,
        long? seed = null) =>
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
        var context = ContextSettings.Of(catalog);
        var settled = options.Checked() with { Seed = options.Seed ?? context.Seed, Model = context.Apply(options.Model) };
        return new AugmentedView(real, settled);
    }

    /// <summary>Keeps the rows whose images a discriminator takes for real, such as the better ones of a generator's samples.</summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="input">Rows with a column of images, as <see cref="LoadFromGenerator(DataOperationsCatalog, GeneratorViewOptions)"/>
    /// makes them.</param>
    /// <param name="modelFile">An unconditional discriminator, as <c>discriminator.onnx</c>.</param>
    /// <param name="minimum">
    /// The least output that is accepted: of <c>probability</c> from 0 to 1. What is usual differs from training to training: look at the
    /// outputs of some samples first (<c>ExtractDiscriminatorFeatures</c> with this output).
    /// </param>
    /// <param name="imageColumnName">The column of images, vectors of Single [C, H, W] in [-1, 1].</param>
    /// <param name="modelOutput">The output: <c>probability</c>, <c>logit</c>, or <c>score</c> of a Wasserstein critic.</param>
    /// <returns>A view that says how many rows it saw and accepted; it may be disposed, to free the model at once.</returns>
    /// <exception cref="ModelException">The file is missing, damaged, or another kind of model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or its images are not of the model's size.</exception>
    /// <remarks>
    /// A simple form of the rejection that Azadi et al. 2019 (Discriminator Rejection Sampling) correct for the discriminator's own
    /// errors. It makes samples better and less varied.
    /// </remarks>
    public static AcceptedView FilterByDiscriminator(this DataOperationsCatalog catalog, IDataView input, string modelFile, double minimum,
        string imageColumnName = "Image", string modelOutput = "probability")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelOutput);
        return Accepted(catalog, input, modelFile, modelOutput, imageColumnName, _ => new AcceptanceByOutput(minimum));
    }

    /// <summary>
    /// Keeps the rows whose images a classifier takes for what their label says, as samples that show what was asked for.
    /// </summary>
    /// <param name="catalog">The data operations' catalog.</param>
    /// <param name="input">Rows with a column of images and one of classes: a key with names, or a text.</param>
    /// <param name="modelFile">
    /// A classifier, as <c>mlContext.Model.SaveClassifier</c> or a pipeline with a <c>classify</c> section leaves it.
    /// </param>
    /// <param name="minimumProbability">The least probability of the row's own class, from 0 to 1.</param>
    /// <param name="imageColumnName">The column of images, vectors of Single [C, H, W] in [-1, 1].</param>
    /// <param name="labelColumnName">The column of classes, matched with the classifier's by name.</param>
    /// <param name="attribute">Which of the classifier's attributes the label is; null takes the first.</param>
    /// <returns>A view that says how many rows it saw and accepted; it may be disposed, to free the model at once.</returns>
    /// <exception cref="ModelException">The file is missing, damaged, or no classifier.</exception>
    /// <exception cref="ArgumentException">The classifier does not know a class, or its scores are no probabilities.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <remarks>Where the classifier was trained on few images, it keeps what looks like them.</remarks>
    public static AcceptedView FilterByClassifier(this DataOperationsCatalog catalog, IDataView input, string modelFile,
        double minimumProbability = 0.5, string imageColumnName = "Image", string labelColumnName = "Label", string? attribute = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(minimumProbability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimumProbability, 1);
        return Accepted(catalog, input, modelFile, ClassifierModel.Output, imageColumnName,
            schema => new AcceptanceByLabel(schema, labelColumnName, modelFile, attribute, minimumProbability));
    }

    private static AcceptedView Accepted(DataOperationsCatalog catalog, IDataView input, string modelFile, string output, string images,
        Func<DataViewSchema, Acceptance> acceptance)
    {
        var options = ContextSettings.Of(catalog).Apply(new ModelOptions());
        var kind = TransformKind.OfFeatures(output);
        var transform = new BatchTransform(kind.Open(modelFile, options), kind, "Accepted", images, options.BatchSize);
        try
        {
            return new AcceptedView(input, transform, acceptance(input.Schema));
        }
        catch
        {
            transform.Dispose();
            throw;
        }
    }
}
