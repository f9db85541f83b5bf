namespace Microsoft.ML.Trainers
{
    /// <summary>An estimator that trains a model.</summary>
    public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
        where TTransformer : IPredictionTransformer<TModel> where TModel : class
    {
        TrainerInfo Info { get; }
    }
}

namespace Microsoft.ML
{
    /// <summary>What a trainer needs in order to do well.</summary>
    public sealed class TrainerInfo
    {
        internal TrainerInfo(bool needNormalization, bool wantCaching) =>
            (NeedNormalization, WantCaching) = (needNormalization, wantCaching);

        /// <summary>Whether features should be of comparable ranges.</summary>
        public bool NeedNormalization { get; }

        /// <summary>
        /// Whether it passes over the data several times, so that a view that computes its rows is better cached before it.
        /// </summary>
        public bool WantCaching { get; }
    }

    /// <summary>A transformer that predicts by a model.</summary>
    public interface IPredictionTransformer<out TModel> : ITransformer where TModel : class
    {
        TModel Model { get; }
    }

    /// <summary>A transformer that predicts from one column of features.</summary>
    public interface ISingleFeaturePredictionTransformer<out TModel> : IPredictionTransformer<TModel> where TModel : class
    {
        string FeatureColumnName { get; }

        Data.DataViewType FeatureColumnType { get; }
    }
}
