namespace Microsoft.ML.Data;

/// <summary>The columns "PredictedLabel" and "Score" that a model adds; both come from one prediction a row.</summary>
internal abstract class PredictionMapping<TScore, TLabel>(Trainers.ModelParametersBase<TScore> model, int feature) : RowMapping
{
    internal const string PredictedLabel = "PredictedLabel";
    internal const string Score = "Score";

    internal override IEnumerable<int> Inputs(int column) => [feature];

    internal override Delegate[] Open(DataViewRow input, bool[] active, out Action dispose)
    {
        dispose = null;
        if (Array.IndexOf(active, true) < 0) return [null, null];
        var getter = input.GetGetter<VBuffer<float>>(input.Schema[feature]);
        VBuffer<float> features = default;
        TScore score = default;
        var cache = new RowCache(input, () =>
        {
            getter(ref features);
            model.Score(features, ref score);
        });
        ValueGetter<TLabel> label = (ref TLabel value) =>
        {
            cache.Update();
            value = LabelOf(score);
        };
        ValueGetter<TScore> copy = (ref TScore value) =>
        {
            cache.Update();
            CopyScore(score, ref value);
        };
        return [active[0] ? label : null, active[1] ? copy : null];
    }

    private protected abstract TLabel LabelOf(in TScore score);

    private protected abstract void CopyScore(in TScore score, ref TScore destination);

    /// <summary>What tells evaluators a column of scores.</summary>
    private protected static DataViewSchema.Annotations.Builder ScoreAnnotations(string kind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("ScoreColumnKind", TextDataViewType.Instance, kind.AsMemory());
        builder.AddPrimitiveValue("ScoreValueKind", TextDataViewType.Instance, Score.AsMemory());
        return builder;
    }
}
