using Microsoft.ML;
using Microsoft.ML.Transforms.Image;

namespace GanPipeline.ML;

/// <summary>What the estimators share whose models take images: a column of vectors, or one of pictures (<c>MLImage</c>).</summary>
/// <param name="catalog">The transforms' catalog.</param>
/// <param name="kind">What the transform is.</param>
/// <param name="model">The model.</param>
/// <param name="output">The column to add.</param>
/// <param name="input">The column of images or pictures.</param>
/// <param name="batchSize">Rows that enter the model at once.</param>
internal sealed class ImageTransform(
    TransformsCatalog catalog, TransformKind kind, SharedModel model, string output, string input, int batchSize)
{
    /// <summary>Makes a transformer; no row is read.</summary>
    /// <param name="data">Has the input column.</param>
    /// <param name="ofImages">The transformer of vectors.</param>
    /// <param name="ofPictures">The same between a step that makes images of the column of pictures, and one that takes them away.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, or its images are not of the model's size.</exception>
    public T Fit<T>(IDataView data, Func<BatchTransform, T> ofImages,
        Func<BatchTransform, string, ITransformer, ITransformer, T> ofPictures)
    {
        ArgumentNullException.ThrowIfNull(data);
        var isPicture = Schemas.Input(data.Schema, input).Type is ImageDataViewType;
        var images = isPicture ? ImagesName(data.Schema.Select(column => column.Name)) : input;
        var transform = new BatchTransform(model, kind, output, images, batchSize);
        try
        {
            transform.TellOfSaving(ContextSettings.Of(catalog));
            if (isPicture)
            {
                var steps = Steps(images);
                var before = steps.Before().Fit(data);
                return ofPictures(transform, input, before, steps.After().Fit(transform.Transform(before.Transform(data))));
            }
            transform.GetOutputSchema(data.Schema);
            return ofImages(transform);
        }
        catch
        {
            transform.Dispose();
            throw;
        }
    }

    /// <summary>The schema's shape with the added column.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!inputSchema.Any(column => column.Name == input && column.ItemType is ImageDataViewType))
            return Schemas.VectorOfVector(catalog, inputSchema, output, input);
        var images = ImagesName(inputSchema.Select(column => column.Name));
        var steps = Steps(images);
        return steps.After().GetOutputSchema(Schemas.VectorOfVector(
            catalog, steps.Before().GetOutputSchema(inputSchema), output, images));
    }

    private string ImagesName(IEnumerable<string> columns) => PictureSteps.NewName([.. columns], output);

    private PictureSteps Steps(string images) => new(catalog, input, images, model.Input);
}
