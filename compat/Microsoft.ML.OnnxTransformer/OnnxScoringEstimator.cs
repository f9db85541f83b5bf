using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs an ONNX model on columns named after its inputs, and makes columns named after its outputs.</summary>
/// <remarks>
/// Inputs are vectors of known size, of the type of the model's tensor and as many values as its shape. Rows are evaluated one by one: a first
/// dimension that is unknown is taken for 1, and one more may be unknown. Names of outputs that end in ".output" give columns without that.
/// Saved, the model travels inside the file.
/// </remarks>
public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(byte[] model, OnnxOptions options) : base(new(model, options)) { }

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var node in Transformer.Model.Inputs)
        {
            var input = inputSchema.Input(node.Name);
            if (input.Kind == SchemaShape.Column.VectorKind.VariableVector || input.IsKey || !input.ItemType.Equals(node.Item))
                throw SchemaErrors.Mismatch("input", input.Name, $"a vector of {node.Item} of known size", input.Description());
        }
        return inputSchema.With(Transformer.Model.Outputs.Select(node => new SchemaShape.Column(node.Column, node.OutputType)));
    }
}
