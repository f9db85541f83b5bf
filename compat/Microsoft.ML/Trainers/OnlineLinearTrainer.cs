using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer of linear models that learns from one example after the other.</summary>
public abstract class OnlineLinearTrainer<TTransformer, TModel> : TrainerEstimatorBase<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly OnlineLinearOptions options;
    private readonly MLContext context;

    private protected OnlineLinearTrainer(MLContext context, OnlineLinearOptions options, string weight)
        : base(options, weight, BooleanDataViewType.Instance)
    {
        if (options.NumberOfIterations < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.NumberOfIterations, "NumberOfIterations is at least 1");
        (this.context, this.options) = (context, options);
    }

    /// <summary>Features should be normalised, and views that compute their rows cached where there are several iterations.</summary>
    public override TrainerInfo Info { get; } = new(needNormalization: true, wantCaching: true);

    /// <summary>Shows the learner every example as often as there are iterations, in another order each time.</summary>
    /// <param name="data">The view.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="learn">Takes the features, the class and the weight of an example.</param>
    private protected void Iterate(IDataView data, TrainingColumns columns, Learner learn)
    {
        var random = options.Shuffle && data.CanShuffle ? new Random(context.NextSeed()) : null;
        var examples = 0L;
        for (var iteration = 0; iteration < options.NumberOfIterations; iteration++)
        {
            using var cursor = data.GetRowCursor(columns.All, random);
            var features = cursor.GetGetter<VBuffer<float>>(cursor.Schema[columns.Feature.Index]);
            var label = cursor.GetGetter<bool>(cursor.Schema[columns.Label.Index]);
            var weight = columns.Weight is { } column ? cursor.GetGetter<float>(cursor.Schema[column.Index]) : null;
            VBuffer<float> values = default;
            var (isPositive, rowWeight) = (false, 1f);
            while (cursor.MoveNext())
            {
                label(ref isPositive);
                weight?.Invoke(ref rowWeight);
                if (rowWeight == 0 || float.IsNaN(rowWeight)) continue;
                features(ref values);
                if (learn(values, isPositive, rowWeight)) examples++;
            }
        }
        if (examples == 0) throw columns.Empty();
    }

    /// <summary>Learns from an example.</summary>
    /// <returns>Whether it did: not where a feature is missing.</returns>
    private protected delegate bool Learner(in VBuffer<float> features, bool isPositive, float weight);
}
