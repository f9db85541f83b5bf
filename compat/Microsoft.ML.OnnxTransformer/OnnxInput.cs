using System.Reflection;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input of a model over a row: the tensor, and what takes over the current row's values into its memory.</summary>
internal sealed record OnnxInput(string Name, OrtValue Value, Action Read)
{
    private static readonly MethodInfo TypedMethod = typeof(OnnxInput)
        .GetMethod(nameof(Typed), BindingFlags.Static | BindingFlags.NonPublic);

    internal static OnnxInput Of(OnnxNode node, long[] shape, DataViewRow row, int column) =>
        RowGetters.Call<OnnxInput>(TypedMethod, node.Item.RawType, node.Name, shape, row, row.Schema[column]);

    private static OnnxInput Typed<T>(string name, long[] shape, DataViewRow row, DataViewSchema.Column column) where T : unmanaged
    {
        var values = new T[shape.Aggregate(1L, (product, size) => product * size)];
        var tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        if (column.Type is not VectorDataViewType)
        {
            var scalar = row.GetGetter<T>(column);
            return new(name, tensor, () => scalar(ref values[0]));
        }
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return new(name, tensor, () =>
        {
            getter(ref buffer);
            buffer.CopyTo(values);
        });
    }
}
