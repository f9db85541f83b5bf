using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>Weights and a bias for each of several classes.</summary>
public abstract class LinearMulticlassModelParametersBase : ModelParametersBase<VBuffer<float>>
{
    private protected LinearMulticlassModelParametersBase(float[] biases, float[][] weights) => (Biases, Weights) = (biases, weights);

    internal float[] Biases { get; }

    internal float[][] Weights { get; }

    internal override int Features => Weights[0].Length;

    public IEnumerable<float> GetBiases() => Biases;

    /// <summary>Copies the weights, a vector a class.</summary>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = Weights.Length;
        Array.Resize(ref weights, numClasses);
        for (var k = 0; k < numClasses; k++) VBuffer<float>.Copy(Weights[k], 0, ref weights[k], Features);
    }

    internal override void Score(in VBuffer<float> features, ref VBuffer<float> output)
    {
        var editor = VBufferEditor.Create(ref output, Weights.Length);
        for (var k = 0; k < Weights.Length; k++) editor.Values[k] = Biases[k] + Dot(Weights[k], features);
        Finish(editor.Values);
        output = editor.Commit();
    }

    /// <summary>Turns the linear scores into what is predicted.</summary>
    private protected abstract void Finish(Span<float> scores);

    private protected void Write(ModelSaveContext ctx) => ctx.Write("weights", writer =>
    {
        writer.WriteArray<float>(Biases);
        foreach (var weights in Weights) writer.WriteArray<float>(weights);
    });

    private protected static (float[] Biases, float[][] Weights) Read(ModelLoadContext context) => context.Read("weights", reader =>
    {
        var biases = reader.ReadArray<float>();
        return (biases, Array.ConvertAll(biases, _ => reader.ReadArray<float>()));
    });
}
