using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>
/// Trains a linear support vector machine of two classes by stochastic sub-gradient descent (Shalev-Shwartz, Singer, Srebro 2007, "Pegasos",
/// section 2): it minimises the mean hinge loss plus Lambda / 2 times the squared weights.
/// </summary>
/// <remarks>The label is Boolean. Rows with a missing feature (NaN) do not count. Random order comes from the context's seed.</remarks>
public sealed class LinearSvmTrainer : OnlineLinearTrainer<BinaryPredictionTransformer<LinearBinaryModelParameters>,
    LinearBinaryModelParameters>
{
    private readonly Options options;

    internal LinearSvmTrainer(MLContext context, Options options) : base(context, options, options.ExampleWeightColumnName)
    {
        if (!(options.Lambda > 0)) throw new ArgumentOutOfRangeException(nameof(options), options.Lambda, "Lambda is above 0");
        if (options.BatchSize < 1) throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, "BatchSize is at least 1");
        this.options = options;
    }

    private protected override BinaryPredictionTransformer<LinearBinaryModelParameters> Train(IDataView data, TrainingColumns columns,
        LinearBinaryModelParameters start)
    {
        var learner = new PegasosLearner(columns.Features, options);
        Iterate(data, columns, learner.Learn);
        return new(learner.Finish(), FeatureColumn.Name);
    }

    private protected override IEnumerable<SchemaShape.Column> OutputColumns(SchemaShape.Column label) =>
    [
        new("PredictedLabel", BooleanDataViewType.Instance),
        new("Score", NumberDataViewType.Single),
    ];

    /// <summary>Options of Pegasos.</summary>
    public sealed class Options : OnlineLinearOptions
    {
        /// <summary>How often each example counts, Single; null for once each.</summary>
        public string ExampleWeightColumnName;

        /// <summary>The weight of half the squared weights beside the mean loss.</summary>
        public float Lambda = 0.001f;

        /// <summary>The examples of a step.</summary>
        public int BatchSize = 1;

        /// <summary>
        /// Whether the weights are kept within the ball that their minimum is known to lie in, of radius 1 / sqrt(Lambda).
        /// </summary>
        public bool PerformProjection;

        /// <summary>Whether the score is without a bias.</summary>
        public bool NoBias;
    }
}
