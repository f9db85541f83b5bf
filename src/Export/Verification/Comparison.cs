using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using static Onnx.TensorProto.Types;
using static TorchSharp.torch;

namespace GanPipeline.Export;

/// <summary>The values of one tensor on ONNX Runtime and on Torch.</summary>
internal sealed class Comparison
{
    /// <summary>No allowed difference is smaller: sums of terms about 1 that come to nothing differ by so much.</summary>
    private const double Least = 1e-6;

    private readonly double[] _actual, _expected;
    private readonly double _rounding;
    private readonly bool _exact;

    /// <summary>Compares a tensor.</summary>
    /// <param name="actual">ONNX Runtime's.</param>
    /// <param name="expected">Torch's.</param>
    public Comparison(OrtValue actual, Tensor expected)
    {
        var information = actual.GetTensorTypeAndShape();
        Shapes = information.Shape.SequenceEqual(expected.shape)
            ? null
            : $"it has shape [{string.Join(", ", information.Shape)}] on ONNX Runtime and [{string.Join(", ", expected.shape)}] on Torch";
        _actual = Values(actual);
        _expected = Values(expected);
        // A byte may lie half a step from the value before rounding, and nothing beyond that counts as a difference.
        var type = (DataType)information.ElementDataType;
        _exact = type is DataType.Int64 or DataType.Int32 or DataType.Bool;
        _rounding = type == DataType.Uint8 ? 0.5 : 0;
        // Outputs that are all small are compared by their own size.
        Scale = Math.Max(1e-2, Math.Min(1, _expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max()));
    }

    /// <summary>How the shapes differ; null where they are the same.</summary>
    public string? Shapes { get; }

    /// <summary>The size of values that a tolerance is relative to, where the value itself is smaller.</summary>
    public double Scale { get; }

    /// <summary>The first value of Torch's that is not finite.</summary>
    public double? NotFinite => _expected.Where(value => !double.IsFinite(value)).Select(value => (double?)value).FirstOrDefault();

    /// <summary>The largest absolute difference.</summary>
    public double Largest
    {
        get
        {
            var largest = 0.0;
            for (var i = 0; i < _expected.Length; i++) largest = Math.Max(largest, Difference(i));
            return largest;
        }
    }

    /// <summary>The element that exceeds what is allowed by most; null where none does.</summary>
    /// <param name="tolerance">Relative to a value, or to <see cref="Scale"/> where that is larger.</param>
    /// <param name="rounding">An absolute difference that is allowed besides.</param>
    public int? Exceeding(double tolerance, double rounding = 0)
    {
        // Whole numbers and truth are the same or not; floats of 64 bits are compared as those of 32, which is what they sum to.
        if (_exact) tolerance = 0;
        var (worst, at) = (1.0, (int?)null);
        for (var i = 0; i < _expected.Length; i++)
        {
            var excess = Difference(i) / Math.Max(Math.Max(Least, rounding), tolerance * Math.Max(Scale, Math.Abs(_expected[i])));
            // Written so that a NaN exceeds.
            if (!(excess <= worst)) (worst, at) = (double.IsNaN(excess) ? double.MaxValue : excess, i);
        }
        return at;
    }

    /// <summary>An element's values as text.</summary>
    public string Describe(int element) => string.Create(CultureInfo.InvariantCulture,
        $"element {element} is {_actual[element]:R} on ONNX Runtime and {_expected[element]:R} on Torch");

    private double Difference(int i) => Math.Max(0, Math.Abs(_actual[i] - _expected[i]) - _rounding);

    private static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    private static double[] Values(OrtValue result) => (DataType)result.GetTensorTypeAndShape().ElementDataType switch
    {
        DataType.Float => Values(result.GetTensorDataAsSpan<float>(), value => value),
        DataType.Double => Values(result.GetTensorDataAsSpan<double>(), value => value),
        DataType.Int64 => Values(result.GetTensorDataAsSpan<long>(), value => value),
        DataType.Int32 => Values(result.GetTensorDataAsSpan<int>(), value => value),
        DataType.Uint8 => Values(result.GetTensorDataAsSpan<byte>(), value => value),
        DataType.Bool => Values(result.GetTensorDataAsSpan<bool>(), value => value ? 1 : 0),
        var type => throw new ExportException($"An output is of {type}, which the exporter does not compare."),
    };

    private static double[] Values<T>(ReadOnlySpan<T> values, Func<T, double> convert)
    {
        var numbers = new double[values.Length];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = convert(values[i]);
        return numbers;
    }
}
