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
    /// <summary>Writes an ML.NET model of the column <c>Features</c> to <c>Score</c> and the class's name in <c>PredictedLabel</c>.</summary>
    /// <param name="path">The file, a zip; missing parent folders are made.</param>
    /// <param name="columns">F, the values of a row of features.</param>
    public void Save(string path, int columns)
    {
        var ml = new MLContext();
        var schema = SchemaDefinition.Create(typeof(FeatureRow));
        schema[FeatureTable.FeaturesColumn].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        var rows = ml.Data.LoadFromEnumerable(Array.Empty<FeatureRow>(), schema);
        var name = ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(Classifier.Transform(Normalizer.Transform(rows)));
        var chain = new TransformerChain<ITransformer>(Normalizer, Classifier, name);
        AtomicFile.Write(path, stream => ml.Model.Save(chain, rows.Schema, stream));
    }

    private sealed class FeatureRow
    {
        public float[] Features { get; set; } = [];
    }
}
