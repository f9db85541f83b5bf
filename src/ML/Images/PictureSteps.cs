using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace GanPipeline.ML;

/// <summary>ML.NET's own steps between a column of <c>MLImage</c> and the images that a model takes.</summary>
/// <param name="catalog">The transforms' catalog.</param>
/// <param name="picture">The column of pictures, gray or colour, of any size.</param>
/// <param name="images">The column to make of it.</param>
/// <param name="form">[C, H, W] of the model.</param>
internal sealed class PictureSteps(TransformsCatalog catalog, string picture, string images, VectorForm form)
{
    private const float Half = 127.5f;

    /// <summary>A name that no column of the schema has.</summary>
    public static string NewName(IReadOnlyCollection<string> known, string output)
    {
        var name = output + ".Image";
        while (known.Contains(name)) name += "_";
        return name;
    }

    /// <summary>Cut to the model's proportions around the middle, resized, and scaled to [-1, 1].</summary>
    public EstimatorChain<ImagePixelExtractingTransformer> Before()
    {
        var (channels, height, width) = (form.Type.Dimensions[0], form.Type.Dimensions[1], form.Type.Dimensions[2]);
        var resize = catalog.ResizeImages(images, width, height, picture);
        var extract = catalog.ExtractPixels(images, offsetImage: Half, scaleImage: 1 / Half,
            colorsToExtract: channels == 1 ? ImagePixelExtractingEstimator.ColorBits.Red : ImagePixelExtractingEstimator.ColorBits.Rgb);
        return channels == 1 ? resize.Append(catalog.ConvertToGrayscale(images)).Append(extract) : resize.Append(extract);
    }

    /// <summary>Takes the images away again.</summary>
    public IEstimator<ITransformer> After() => catalog.DropColumns(images);
}
