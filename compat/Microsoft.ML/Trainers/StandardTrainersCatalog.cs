using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML;

/// <summary>The trainers.</summary>
public static class StandardTrainersCatalog
{
    /// <inheritdoc cref="LbfgsMaximumEntropyMulticlassTrainer"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="labelColumnName">The keys of the classes.</param>
    /// <param name="featureColumnName">Vectors of Single of known size.</param>
    /// <param name="exampleWeightColumnName">How often each example counts, Single; null for once each.</param>
    /// <param name="l1Regularization">The weight of the absolute weights.</param>
    /// <param name="l2Regularization">The weight of half the squared weights.</param>
    /// <param name="optimizationTolerance">Training ends where the loss's mean improvement in five iterations is a smaller part of it.</param>
    /// <param name="historySize">The iterations remembered.</param>
    /// <param name="enforceNonNegativity">Whether no weight may be below 0.</param>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string exampleWeightColumnName = null,
        float l1Regularization = 1f, float l2Regularization = 1f, float optimizationTolerance = 1E-07f, int historySize = 20,
        bool enforceNonNegativity = false) => catalog.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
            HistorySize = historySize,
            EnforceNonNegativity = enforceNonNegativity,
        });

    /// <inheritdoc cref="LbfgsMaximumEntropyMulticlassTrainer"/>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        LbfgsMaximumEntropyMulticlassTrainer.Options options) => new(options ?? throw new ArgumentNullException(nameof(options)));

    /// <inheritdoc cref="LinearSvmTrainer"/>
    public static LinearSvmTrainer LinearSvm(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = "Label", string featureColumnName = "Features", string exampleWeightColumnName = null,
        int numberOfIterations = 1) =>
        catalog.LinearSvm(new LinearSvmTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            NumberOfIterations = numberOfIterations,
        });

    /// <inheritdoc cref="LinearSvmTrainer"/>
    public static LinearSvmTrainer LinearSvm(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        LinearSvmTrainer.Options options) =>
        new(catalog.Context, options ?? throw new ArgumentNullException(nameof(options)));

    /// <inheritdoc cref="OneVersusAllTrainer"/>
    /// <param name="catalog">The catalog.</param>
    /// <param name="binaryEstimator">The trainer of two classes.</param>
    /// <param name="labelColumnName">The keys of the classes.</param>
    /// <param name="imputeMissingLabelsAsNegative">Whether rows without a label belong to no class; else they do not count.</param>
    /// <param name="calibrator">Only null: Platt's, which is the default.</param>
    /// <param name="maximumCalibrationExampleCount">The rows that calibration learns from, at most.</param>
    /// <param name="useProbabilities">Whether scores are probabilities; else the scores of the classifiers of two classes.</param>
    public static OneVersusAllTrainer OneVersusAll<TModel>(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        ITrainerEstimator<BinaryPredictionTransformer<TModel>, TModel> binaryEstimator, string labelColumnName = "Label",
        bool imputeMissingLabelsAsNegative = false, IEstimator<ISingleFeaturePredictionTransformer<ICalibrator>> calibrator = null,
        int maximumCalibrationExampleCount = 1000000000, bool useProbabilities = true) where TModel : class
    {
        ArgumentNullException.ThrowIfNull(binaryEstimator);
        if (calibrator is not null)
            throw new ArgumentException("this stand-in for ML.NET calibrates by Platt's method only, the default: calibrator: null",
                nameof(calibrator));
        var stock = binaryEstimator as TrainerEstimatorBase<BinaryPredictionTransformer<TModel>, TModel>;
        return new(binaryEstimator.Fit, labelColumnName, stock?.LabelColumn.Name ?? labelColumnName, imputeMissingLabelsAsNegative,
            maximumCalibrationExampleCount, useProbabilities);
    }
}
