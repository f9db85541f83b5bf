using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference.Tests;

/// <summary>
/// A generator and a classifier whose directions are known: pixel i of [1, 2, 2] is the hyperbolic tangent of latent number i. Colour is
/// red where number 0 is positive, else blue; form is brick, plate or tile by number 1; lit is whether number 2 is positive. Number 3 is
/// read by nobody.
/// </summary>
internal static class LatentWorld
{
    public const int Size = 4;

    public static byte[] Generator { get; } = new TestGraph()
        .Input("latent", DataType.Float, -1, Size).Output("image", DataType.Float, -1, 1, 2, 2)
        .Whole("shape", -1, 1, 2, 2)
        .Node("Tanh", "latent -> squashed").Node("Reshape", "squashed, shape -> image").Bytes;

    /// <summary>Its features are the pixels.</summary>
    public static byte[] Classifier { get; } = new TestGraph()
        .Input("image", DataType.Float, -1, 1, 2, 2).Output("features", DataType.Float, -1, Size).Output("logits", DataType.Float, -1, 6)
        .Whole("shape", -1, Size)
        .Floats("weights", [Size, 6],
        [
            1, -1, 0, 0, 0, 0,
            0, 0, 1, 0, -1, 0,
            0, 0, 0, 0, 0, 1,
            0, 0, 0, 0, 0, 0,
        ])
        .Floats("bias", [6], [0, 0, 0, 0.4f, 0, 0])
        .Node("Reshape", "image, shape -> features").Node("MatMul", "features, weights -> product").Node("Add", "product, bias -> logits")
        .Metadata(ModelMetadata.Labels, LabelLayout.FromFields(
        [
            LabelField.Categorical("color", ["red", "blue"]), LabelField.Categorical("form", ["brick", "plate", "tile"]),
            LabelField.Binary("lit"),
        ]).ToJson()).Bytes;

    public static double Length(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (var x in vector) sum += (double)x * x;
        return Math.Sqrt(sum);
    }
}
