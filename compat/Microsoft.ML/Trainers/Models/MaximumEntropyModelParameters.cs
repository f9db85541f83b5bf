using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

[assembly: ModelLoader<MaximumEntropyModelParameters>("MaximumEntropy")]

namespace Microsoft.ML.Trainers;

/// <summary>A maximum-entropy classifier: multinomial logistic regression. Its scores are the classes' probabilities.</summary>
public sealed class MaximumEntropyModelParameters : LinearMulticlassModelParametersBase, ILoadable
{
    internal MaximumEntropyModelParameters(float[] biases, float[][] weights) : base(biases, weights) { }

    private protected override void Finish(Span<float> scores)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max<float>(scores), scores);
        TensorPrimitives.SoftMax<float>(scores, scores);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<MaximumEntropyModelParameters>();
        Write(ctx);
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context)
    {
        var (biases, weights) = Read(context);
        return new MaximumEntropyModelParameters(biases, weights);
    }
}
