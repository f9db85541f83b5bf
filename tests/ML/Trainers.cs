using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.ML.Tests;

/// <summary>ML.NET's trainers that read features, by name, and how each is evaluated.</summary>
internal sealed class Trainers(MLContext ml)
{
    public const string LightGbm = "LightGbm", KMeans = "KMeans", RandomizedPca = "RandomizedPca";

    /// <summary>The name of each, and its package where that is not Microsoft.ML itself.</summary>
    public static readonly IReadOnlyDictionary<string, string> Packages = new Dictionary<string, string>
    {
        ["LbfgsMaximumEntropy"] = "",
        ["SdcaMaximumEntropy"] = "",
        ["SdcaNonCalibrated"] = "",
        ["NaiveBayes"] = "",
        ["OneVersusAll(LinearSvm)"] = "",
        ["OneVersusAll(AveragedPerceptron)"] = "",
        ["OneVersusAll(LbfgsLogisticRegression)"] = "",
        ["PairwiseCoupling(LinearSvm)"] = "",
        ["OneVersusAll(FastTree)"] = "Microsoft.ML.FastTree",
        ["OneVersusAll(FastForest)"] = "Microsoft.ML.FastTree",
        // LightGBM's package depends on that of FastTree.
        [LightGbm] = "Microsoft.ML.FastTree Microsoft.ML.LightGbm",
        ["binary LbfgsLogisticRegression"] = "",
        ["binary SdcaLogisticRegression"] = "",
        ["binary LinearSvm"] = "",
        ["binary FastTree"] = "Microsoft.ML.FastTree",
        ["binary Gam"] = "Microsoft.ML.FastTree",
        [KMeans] = "",
        [RandomizedPca] = "",
    };

    /// <summary>Those of several classes or of a Boolean label.</summary>
    public static IEnumerable<string> Classifiers => Packages.Keys.Where(name => name is not (KMeans or RandomizedPca));

    public static bool IsBinary(string name) => name.StartsWith("binary ", StringComparison.Ordinal);

    public IEstimator<ITransformer> Create(string name)
    {
        var several = ml.MulticlassClassification.Trainers;
        var two = ml.BinaryClassification.Trainers;
        return name switch
        {
            "LbfgsMaximumEntropy" => several.LbfgsMaximumEntropy(),
            "SdcaMaximumEntropy" => several.SdcaMaximumEntropy(maximumNumberOfIterations: 20),
            "SdcaNonCalibrated" => several.SdcaNonCalibrated(maximumNumberOfIterations: 20),
            "NaiveBayes" => several.NaiveBayes(),
            "OneVersusAll(LinearSvm)" => several.OneVersusAll(two.LinearSvm(numberOfIterations: 10)),
            "OneVersusAll(AveragedPerceptron)" => several.OneVersusAll(two.AveragedPerceptron()),
            "OneVersusAll(LbfgsLogisticRegression)" => several.OneVersusAll(two.LbfgsLogisticRegression()),
            "PairwiseCoupling(LinearSvm)" => several.PairwiseCoupling(two.LinearSvm(numberOfIterations: 10)),
            "OneVersusAll(FastTree)" => several.OneVersusAll(two.FastTree(numberOfTrees: 10)),
            "OneVersusAll(FastForest)" => several.OneVersusAll(two.FastForest(numberOfTrees: 10)),
            LightGbm => several.LightGbm(numberOfIterations: 10),
            "binary LbfgsLogisticRegression" => two.LbfgsLogisticRegression("Binary"),
            "binary SdcaLogisticRegression" => two.SdcaLogisticRegression("Binary", maximumNumberOfIterations: 20),
            "binary LinearSvm" => two.LinearSvm("Binary", numberOfIterations: 10),
            "binary FastTree" => two.FastTree("Binary", numberOfTrees: 10),
            "binary Gam" => two.Gam("Binary", numberOfIterations: 50),
            KMeans => ml.Clustering.Trainers.KMeans(numberOfClusters: 3),
            RandomizedPca => ml.AnomalyDetection.Trainers.RandomizedPca(rank: 3),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    /// <summary>The trainer's own metric, as its catalog evaluates it; greater is better.</summary>
    public double Evaluate(string name, IDataView scored) => name switch
    {
        KMeans => -ml.Clustering.Evaluate(scored, labelColumnName: "Label").AverageDistance,
        // Its evaluator wants numbers for labels.
        RandomizedPca => ml.AnomalyDetection.Evaluate(
            ml.Transforms.Conversion.ConvertType("Number", "Binary").Fit(scored).Transform(scored), "Number").AreaUnderRocCurve,
        _ when IsBinary(name) => ml.BinaryClassification.EvaluateNonCalibrated(scored, "Binary").Accuracy,
        _ => ml.MulticlassClassification.Evaluate(scored).MicroAccuracy,
    };

    /// <summary>The same for each of three folds; ML.NET has no cross-validation of anomaly detection.</summary>
    public double[]? CrossValidate(string name, IDataView data, IEstimator<ITransformer> pipeline) => name switch
    {
        KMeans => [.. ml.Clustering.CrossValidate(data, pipeline, 3, "Label").Select(fold => -fold.Metrics.AverageDistance)],
        RandomizedPca => null,
        _ when IsBinary(name) =>
            [.. ml.BinaryClassification.CrossValidateNonCalibrated(data, pipeline, 3, "Binary").Select(fold => fold.Metrics.Accuracy)],
        _ => [.. ml.MulticlassClassification.CrossValidate(data, pipeline, 3).Select(fold => fold.Metrics.MicroAccuracy)],
    };

    /// <summary>Three classes: which of the first three features is the largest; and whether it is the first.</summary>
    public IDataView Rows(int count)
    {
        var (images, features) = TestModels.Samples(count);
        var rows = ml.Data.LoadFromEnumerable(images.Zip(features, (image, feature) => new LabelledImage
        {
            Image = image,
            Name = ((string[])["alpha", "beta", "gamma"])[Array.IndexOf(feature, feature[..3].Max())],
            Binary = feature[0] >= feature[..3].Max(),
        }));
        return ml.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(rows).Transform(rows);
    }

    public sealed class LabelledImage
    {
        [VectorType(3, 4, 8)]
        public float[] Image { get; set; } = [];

        public string Name { get; set; } = "";

        public bool Binary { get; set; }
    }
}

/// <summary>
/// A test that needs LightGBM's native library, which needs the system's OpenMP, and is skipped where it cannot be loaded.
/// </summary>
internal sealed class LightGbmFactAttribute : FactAttribute
{
    public LightGbmFactAttribute()
    {
        if (!NativeLibrary.TryLoad("lib_lightgbm", typeof(LightGbmFactAttribute).Assembly, null, out _))
            Skip = "needs the libraries of LightGBM, such as libgomp.so.1";
    }
}
