using GanPipeline.Inference;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML;

/// <summary>A trained classifier of features.</summary>
/// <param name="Normalizer">Features to features of mean 0 and variance 1.</param>
/// <param name="Classifier">Those to <c>PredictedLabel</c> and <c>Score</c>.</param>
/// <param name="Strength">The regularisation that was chosen.</param>
/// <param name="Trials">All that were tried, in growing strength.</param>
public sealed record LinearFit(ITransformer Normalizer, ITransformer Classifier, double Strength, IReadOnlyList<StrengthTrial> Trials)
{
    /// <summary>The column that a saved classifier reads: an image, [C, H, W] in [-1, 1].</summary>
    public const string ImageColumn = "Image";

    /// <summary>
    /// Writes the whole way from an image to its class as one ML.NET model: the column <c>Image</c> to <c>Features</c>, <c>Score</c> and
    /// the class's name in <c>PredictedLabel</c>. The features' network is in the file; <c>mlContext.Model.Load</c> reads it without this
    /// assembly.
    /// </summary>
    /// <param name="path">The file, a zip; missing parent folders are made.</param>
    /// <param name="featuresModel">The ONNX file that the features came from.</param>
    public void Save(string path, string featuresModel)
    {
        var ml = new MLContext();
        var images = NoImages(ml, featuresModel);
        using var extract = ml.Transforms.ExtractDiscriminatorFeatures(FeatureTable.FeaturesColumn, ImageColumn, featuresModel).Fit(images);
        var scored = Classifier.Transform(Normalizer.Transform(extract.Transform(images)));
        var name = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored);
        var chain = new TransformerChain<ITransformer>(extract, Normalizer, Classifier, name);
        AtomicFile.Write(path, stream => ml.Model.Save(chain, images.Schema, stream));
    }

    private static IDataView NoImages(MLContext ml, string featuresModel)
    {
        using var model = FeatureModel.Load(featuresModel);
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema[ImageColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, model.Channels, model.Height, model.Width);
        return ml.Data.LoadFromEnumerable(Array.Empty<ImageRow>(), schema);
    }

    private sealed class ImageRow
    {
        public float[] Image { get; set; } = [];
    }
}
