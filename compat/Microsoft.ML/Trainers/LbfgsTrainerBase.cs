using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer of linear models by L-BFGS.</summary>
public abstract class LbfgsTrainerBase<TOptions, TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TOptions : LbfgsTrainerBase<TOptions, TTransformer, TModel>.OptionsBase, new()
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly OptionsBase options;

    private protected LbfgsTrainerBase(TOptions options, DataViewType labelType) : base(options, options.ExampleWeightColumnName, labelType)
    {
        Require(options.L1Regularization >= 0, nameof(options.L1Regularization), options.L1Regularization, "at least 0");
        Require(options.L2Regularization >= 0, nameof(options.L2Regularization), options.L2Regularization, "at least 0");
        Require(options.OptimizationTolerance > 0, nameof(options.OptimizationTolerance), options.OptimizationTolerance, "above 0");
        Require(options.HistorySize > 0, nameof(options.HistorySize), options.HistorySize, "at least 1");
        Require(options.MaximumNumberOfIterations > 0, nameof(options.MaximumNumberOfIterations), options.MaximumNumberOfIterations,
            "at least 1");
        Require(options.NumberOfThreads is null or > 0, nameof(options.NumberOfThreads), options.NumberOfThreads, "at least 1");
        this.options = options;
    }

    /// <summary>Features should be normalised, and views that compute their rows cached: they are gone through in each iteration.</summary>
    public override TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);

    private protected float L2 => options.L2Regularization;

    private protected int Threads => options.NumberOfThreads ?? Environment.ProcessorCount;

    private protected LimitedMemoryMinimizer Minimizer(int biases) => new()
    {
        L1 = options.L1Regularization,
        NonNegative = options.EnforceNonNegativity,
        Tolerance = options.OptimizationTolerance,
        HistorySize = options.HistorySize,
        MaximumIterations = options.MaximumNumberOfIterations,
        Biases = biases,
    };

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds) throw new ArgumentOutOfRangeException(name, value, $"{name} is {range}");
    }

    /// <summary>Options of L-BFGS.</summary>
    public abstract class OptionsBase : TrainerInputBaseWithWeight
    {
        private protected OptionsBase() { }

        /// <summary>The weight of the sum of absolute weights, beside the loss summed over the examples.</summary>
        public float L1Regularization = 1;

        /// <summary>The weight of half the sum of squared weights, beside the loss summed over the examples.</summary>
        public float L2Regularization = 1;

        /// <summary>Training ends where the loss's mean improvement in five iterations is a smaller part of it than this.</summary>
        public float OptimizationTolerance = 1e-7f;

        /// <summary>The iterations remembered.</summary>
        public int HistorySize = 20;

        public int MaximumNumberOfIterations = int.MaxValue;

        /// <summary>The cursors that read the data at once; null for one a processor.</summary>
        public int? NumberOfThreads;

        /// <summary>Whether no weight may be below 0.</summary>
        public bool EnforceNonNegativity;
    }
}
