using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

[assembly: ModelLoader<LinearBinaryModelParameters>("LinearBinary")]

namespace Microsoft.ML.Trainers;

/// <summary>Weights and a bias.</summary>
public abstract class LinearModelParameters : ModelParametersBase<float>
{
    private readonly float[] weights;

    private protected LinearModelParameters(float[] weights, float bias)
    {
        this.weights = weights;
        Bias = bias;
    }

    public float Bias { get; protected set; }

    public IReadOnlyList<float> Weights => weights;

    internal override int Features => weights.Length;

    internal override void Score(in VBuffer<float> features, ref float output) => output = Bias + Dot(weights, features);

    private protected void Write(ModelSaveContext ctx) => ctx.Write("weights", writer =>
    {
        writer.Write(Bias);
        writer.WriteArray<float>(weights);
    });
}

/// <summary>A linear classifier of two classes: the score is above 0 for the positive one.</summary>
public sealed class LinearBinaryModelParameters : LinearModelParameters, ILoadable
{
    internal LinearBinaryModelParameters(float[] weights, float bias) : base(weights, bias) { }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<LinearBinaryModelParameters>();
        Write(ctx);
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context) => context.Read("weights", reader =>
    {
        var bias = reader.ReadSingle();
        return new LinearBinaryModelParameters(reader.ReadArray<float>(), bias);
    });
}
