using Onnx;
using static Onnx.TensorProto.Types;

namespace GanPipeline.Inference;

/// <summary>A smaller form of a model, and what it loses.</summary>
/// <param name="Model">The form.</param>
/// <param name="Losses">By output.</param>
/// <param name="Rows">The rows that the losses were measured with.</param>
/// <param name="IntegerLayers">Convolutions and matrix products that are computed in 8-bit integers.</param>
/// <param name="Layers">All convolutions and matrix products with fixed weights.</param>
internal sealed record Reduction(
    ModelProto Model, IReadOnlyDictionary<string, PrecisionLoss> Losses, int Rows, int IntegerLayers, int Layers)
{
    /// <summary>Makes a form.</summary>
    /// <param name="original">The model; it stays as it is.</param>
    /// <param name="precision">The form's numbers.</param>
    /// <param name="calibration">Rows that an 8-bit form's ranges are taken from.</param>
    /// <param name="held">Rows that the losses are measured with.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="GraphProblemException">The model has no such form.</exception>
    public static Reduction Of(
        ModelProto original, ModelPrecision precision, ModelInputs calibration, ModelInputs held, CancellationToken cancellationToken)
    {
        var name = NameOf(ModelPrecision.Float16Compute);
        if (original.MetadataProps.Any(entry => entry.Key == ModelMetadata.Precision && entry.Value == name))
            throw new GraphProblemException("it is computed in float16 already; begin with the original.");
        calibration = calibration.For(original);
        held = held.For(original);
        var graph = new GraphRewriter(original.Clone());
        var layers = Int8Graph.Candidates(graph).Length;
        var integers = 0;
        if (precision == ModelPrecision.Int8) integers = Int8Graph.Quantize(graph, calibration, cancellationToken);
        else if (precision == ModelPrecision.Float16Compute) Float16Graph.Convert(graph);
        // Before the weights are looked through, those that were replaced go.
        graph.Finish();
        if (precision != ModelPrecision.Float16Compute)
            StoredWeights.Store(graph, precision == ModelPrecision.BFloat16 ? DataType.Bfloat16 : DataType.Float16);
        graph.Finish();
        new GraphEditor(graph.Model).SetMetadata(ModelMetadata.Precision, NameOf(precision));
        var losses = ModelComparison.Measure(original, graph.Model, held, cancellationToken);
        if (precision == ModelPrecision.Float16Compute)
        {
            // The form runs; what it loses is seen where every value is rounded.
            var rounded = new GraphRewriter(original.Clone());
            Float16Graph.Round(rounded);
            rounded.Finish();
            losses = ModelComparison.Measure(original, rounded.Model, held, cancellationToken);
        }
        if (losses.FirstOrDefault(loss => !double.IsFinite(loss.Value.MeanAbsoluteError)).Key is { } output)
            throw new GraphProblemException($"its output '{output}' is not finite then, because a value on the way exceeds 65504, the " +
                "largest of float16.");
        return new Reduction(graph.Model, losses, held.Count, integers, layers);
    }

    /// <summary>What a form is called in metadata and on the command line.</summary>
    public static string NameOf(ModelPrecision precision) => precision switch
    {
        ModelPrecision.Float16Compute => "float16-compute",
        _ => precision.ToString().ToLowerInvariant(),
    };
}
