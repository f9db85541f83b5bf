namespace Microsoft.ML.Trainers;

/// <summary>The biases and weights of a softmax classifier, as its passes read them.</summary>
/// <param name="classes">The number of classes.</param>
/// <param name="features">The number of features.</param>
internal sealed class SoftmaxParameters(int classes, int features)
{
    public double[] Biases { get; } = new double[classes];

    /// <summary>Class by class, and zeros for the empty classes that fill the last tile.</summary>
    public float[] Weights { get; } = new float[SoftmaxShare.Padded(classes) * features];

    /// <param name="point">The biases, then the weights.</param>
    public void Set(ReadOnlySpan<double> point)
    {
        point[..Biases.Length].CopyTo(Biases);
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(point[Biases.Length..], Weights);
    }
}
