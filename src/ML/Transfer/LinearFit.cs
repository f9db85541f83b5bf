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
        var images = View(ml, [], featuresModel);
        using var extract = Extract(ml, images, featuresModel);
        var scored = Classifier.Transform(Normalizer.Transform(extract.Transform(images)));
        var name = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored);
        var chain = new TransformerChain<ITransformer>(extract, Normalizer, Classifier, name);
        AtomicFile.Write(path, stream => ml.Model.Save(chain, images.Schema, stream));
    }

    /// <summary>Writes the same as one ONNX file for programs without ML.NET; see <c>mlContext.Model.SaveClassifier</c>.</summary>
    /// <param name="path">The file; missing parent folders are made.</param>
    /// <param name="featuresModel">The ONNX file that the features came from.</param>
    /// <param name="images">Images of its size in [-1, 1], at least one, on which both are compared.</param>
    /// <exception cref="ModelException">The file would not give the same, or the features model is of an old version of ONNX.</exception>
    public SavedClassifier SaveOnnx(string path, string featuresModel, ImageTensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var ml = new MLContext();
        var view = View(ml, Enumerable.Range(0, images.Count).Select(i => new ImageRow { Image = [.. images.Image(i)] }), featuresModel);
        using var extract = Extract(ml, view, featuresModel);
        return ml.Model.SaveClassifier(new TransformerChain<ITransformer>(extract, Normalizer, Classifier), view, path);
    }

    private static DiscriminatorFeaturizingTransformer Extract(MLContext ml, IDataView images, string featuresModel) =>
        ml.Transforms.ExtractDiscriminatorFeatures(FeatureTable.FeaturesColumn, ImageColumn, featuresModel).Fit(images);

    private static IDataView View(MLContext ml, IEnumerable<ImageRow> images, string featuresModel)
    {
        using var model = FeatureModel.Load(featuresModel);
        var schema = SchemaDefinition.Create(typeof(ImageRow));
        schema[ImageColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, model.Channels, model.Height, model.Width);
        return ml.Data.LoadFromEnumerable(images, schema);
    }

    private sealed class ImageRow
    {
        public float[] Image { get; set; } = [];
    }
}
