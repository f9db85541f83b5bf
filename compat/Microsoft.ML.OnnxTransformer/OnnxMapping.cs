using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>What a model makes of rows of a schema, one row at a time.</summary>
internal sealed class OnnxMapping : RowMapping
{
    private readonly OnnxModel model;
    private readonly (OnnxNode Node, DataViewSchema.Column Column, long[] Shape)[] inputs;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">A column has another number of values than the model's input.</exception>
    internal OnnxMapping(OnnxModel model, DataViewSchema schema)
    {
        this.model = model;
        inputs = Array.ConvertAll(model.Inputs, node =>
        {
            var column = schema.Input(node.Name);
            if (!column.Type.ItemType().Equals(node.Item) || column.Type is VectorDataViewType { IsKnownSize: false })
                throw SchemaErrors.Mismatch("input", node.Name, $"a vector of {node.Item} of known size", column.Type.ToString());
            return (node, column, node.InputShape(column.Type is VectorDataViewType vector ? vector.Size : 1));
        });
        Columns = [.. model.Outputs.Select(node => new DataViewSchema.DetachedColumn(node.Column, node.OutputType))];
    }

    internal override IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    internal override IEnumerable<int> Inputs(int column) => inputs.Select(input => input.Column.Index);

    internal override Delegate[] Open(DataViewRow input, bool[] active, out Action dispose)
    {
        dispose = null;
        OnnxNode[] wanted = [.. model.Outputs.Where((_, i) => active[i])];
        if (wanted.Length == 0) return new Delegate[active.Length];
        var bound = Array.ConvertAll(inputs, fed => OnnxInput.Of(fed.Node, fed.Shape, input, fed.Column.Index));
        var evaluation = new OnnxEvaluation(model, bound, wanted);
        var cache = new RowCache(input, evaluation.Run);
        dispose = evaluation.Dispose;
        var next = 0;
        return Array.ConvertAll(active, isActive => isActive ? OnnxEvaluation.Getter(wanted[next].Item, evaluation, cache, next++) : null);
    }
}

/// <summary>A model's evaluation on the current row.</summary>
internal sealed class OnnxEvaluation(OnnxModel model, OnnxInput[] inputs, OnnxNode[] outputs) : IDisposable
{
    private readonly RunOptions options = new();
    private readonly string[] inputNames = Array.ConvertAll(inputs, input => input.Name);
    private readonly OrtValue[] inputValues = Array.ConvertAll(inputs, input => input.Value);
    private readonly string[] outputNames = Array.ConvertAll(outputs, output => output.Name);
    private IDisposableReadOnlyCollection<OrtValue> results;

    internal void Run()
    {
        foreach (var input in inputs) input.Read();
        results?.Dispose();
        results = model.Run(options, inputNames, inputValues, outputNames);
    }

    public void Dispose()
    {
        results?.Dispose();
        foreach (var value in inputValues) value.Dispose();
        options.Dispose();
    }

    /// <summary>A getter of one of the outputs.</summary>
    internal static Delegate Getter(PrimitiveDataViewType item, OnnxEvaluation evaluation, RowCache cache, int output) =>
        RowGetters.Call<Delegate>(
        typeof(OnnxEvaluation).GetMethod(nameof(Typed), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic),
        item.RawType, evaluation, cache, output);

    private static ValueGetter<VBuffer<T>> Typed<T>(OnnxEvaluation evaluation, RowCache cache, int output) where T : unmanaged =>
        (ref VBuffer<T> destination) =>
        {
            cache.Update();
            var values = evaluation.results[output].GetTensorDataAsSpan<T>();
            var editor = VBufferEditor.Create(ref destination, values.Length);
            values.CopyTo(editor.Values);
            destination = editor.Commit();
        };
}
