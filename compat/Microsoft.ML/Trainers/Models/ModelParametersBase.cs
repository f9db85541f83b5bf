using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>What a trainer learned.</summary>
/// <typeparam name="TOutput">What it predicts: a score, or a vector of them.</typeparam>
public abstract class ModelParametersBase<TOutput> : ICanSaveModel
{
    private protected ModelParametersBase() { }

    /// <summary>The number of features.</summary>
    internal abstract int Features { get; }

    /// <summary>Predicts. Several threads may do so at once, each into an output of its own.</summary>
    internal abstract void Score(in VBuffer<float> features, ref TOutput output);

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    private protected abstract void SaveModel(ModelSaveContext ctx);

    /// <summary>The dot product of dense weights with a vector, dense or sparse.</summary>
    internal static float Dot(ReadOnlySpan<float> weights, in VBuffer<float> features)
    {
        var values = features.GetValues();
        if (features.IsDense) return System.Numerics.Tensors.TensorPrimitives.Dot(weights, values);
        var indices = features.GetIndices();
        var sum = 0f;
        for (var i = 0; i < values.Length; i++) sum += weights[indices[i]] * values[i];
        return sum;
    }
}
