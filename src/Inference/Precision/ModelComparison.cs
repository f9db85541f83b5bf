using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;

namespace GanPipeline.Inference;

/// <summary>Runs a model and another form of it on the same rows.</summary>
internal static class ModelComparison
{
    /// <summary>The differences of all outputs that are float32 or bytes, by their names.</summary>
    public static IReadOnlyDictionary<string, PrecisionLoss> Measure(
        ModelProto original, ModelProto form, ModelInputs inputs, CancellationToken cancellationToken)
    {
        using InferenceSession first = ModelInputs.Open(original, []), second = ModelInputs.Open(form, []);
        string[] outputs = [.. first.OutputMetadata
            .Where(o => o.Value.IsTensor && o.Value.ElementDataType is TensorElementType.Float or TensorElementType.UInt8)
            .Select(o => o.Key)];
        var sums = outputs.ToDictionary(name => name, _ => new Sums());
        foreach (var batch in inputs.Batches())
        {
            batch.Run(first, outputs, expected => batch.Run(second, outputs, values =>
            {
                for (var i = 0; i < outputs.Length; i++) sums[outputs[i]].Add(Values(expected[i]), Values(values[i]));
            }, cancellationToken), cancellationToken);
        }
        return sums.ToDictionary(sum => sum.Key, sum => sum.Value.Loss);
    }

    private static float[] Values(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float
        ? value.GetTensorDataAsSpan<float>().ToArray()
        : [.. value.GetTensorDataAsSpan<byte>().ToArray().Select(b => (float)b)];

    private sealed class Sums
    {
        private double _absolute, _largest, _squares, _norm;
        private long _count;

        public PrecisionLoss Loss => new(_absolute / Math.Max(1, _count), _largest, _squares == 0 ? 0 : Math.Sqrt(_squares / _norm));

        public void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> values)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                var difference = Math.Abs(values[i] - (double)expected[i]);
                _absolute += difference;
                _largest = Math.Max(_largest, difference);
                _squares += difference * difference;
                _norm += (double)expected[i] * expected[i];
            }
            _count += expected.Length;
        }
    }
}
