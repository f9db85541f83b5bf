using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

[assembly: ModelLoader<OneVersusAllModelParameters>("OneVersusAll")]

namespace Microsoft.ML.Trainers;

/// <summary>
/// A model of two classes for each of several, against the others. Its scores are theirs, or calibrated probabilities that sum to 1.
/// </summary>
public sealed class OneVersusAllModelParameters : ModelParametersBase<VBuffer<float>>, ILoadable
{
    private readonly ModelParametersBase<float>[] models;
    private readonly PlattSigmoid[] calibration;

    /// <param name="models">One for each class.</param>
    /// <param name="calibration">What makes probabilities of their scores; null for the scores themselves.</param>
    internal OneVersusAllModelParameters(ModelParametersBase<float>[] models, PlattSigmoid[] calibration) =>
        (this.models, this.calibration) = (models, calibration);

    internal override int Features => models[0].Features;

    internal override void Score(in VBuffer<float> features, ref VBuffer<float> output)
    {
        var editor = VBufferEditor.Create(ref output, models.Length);
        var scores = editor.Values;
        for (var k = 0; k < models.Length; k++) models[k].Score(features, ref scores[k]);
        if (calibration is not null)
        {
            for (var k = 0; k < models.Length; k++) scores[k] = calibration[k].Probability(scores[k]);
            var sum = TensorPrimitives.Sum<float>(scores);
            if (sum > 0) TensorPrimitives.Divide(scores, sum, scores);
        }
        output = editor.Commit();
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader<OneVersusAllModelParameters>();
        ctx.Write("calibration", writer =>
        {
            writer.Write(models.Length);
            writer.Write(calibration is not null);
            foreach (var sigmoid in calibration ?? [])
            {
                writer.Write(sigmoid.Slope);
                writer.Write(sigmoid.Offset);
            }
        });
        for (var k = 0; k < models.Length; k++) ctx.Save($"class{k}", models[k]);
    }

    static ICanSaveModel ILoadable.Load(ModelLoadContext context)
    {
        var (classes, calibration) = context.Read("calibration", reader =>
        {
            var sigmoids = new PlattSigmoid[reader.ReadInt32()];
            if (!reader.ReadBoolean()) return (sigmoids.Length, null);
            for (var k = 0; k < sigmoids.Length; k++) sigmoids[k] = new(reader.ReadDouble(), reader.ReadDouble());
            return (sigmoids.Length, sigmoids);
        });
        var models = Enumerable.Range(0, classes).Select(k => context.Load<ModelParametersBase<float>>($"class{k}"));
        return new OneVersusAllModelParameters([.. models], calibration);
    }
}
