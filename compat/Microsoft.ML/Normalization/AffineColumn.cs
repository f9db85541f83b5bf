using System.Numerics.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>The scale and offset of each slot of a column: a value becomes (value - offset) * scale.</summary>
internal sealed class AffineColumn
{
    internal const string Expected = "Single or a vector of a known number of Singles";

    private readonly bool isVector;
    private float[] scale;
    private float[] offset;
    private float[] shift;
    private bool hasOffset;

    /// <exception cref="ArgumentOutOfRangeException">The column is of another type.</exception>
    internal AffineColumn(DataViewSchema.Column column)
    {
        isVector = column.Type.IsFloatVector();
        if (!isVector && !column.Type.Equals(NumberDataViewType.Single))
            throw SchemaErrors.Mismatch("input", column.Name, Expected, column.Type.ToString());
        Slots = isVector ? ((VectorDataViewType)column.Type).Size : 1;
    }

    internal AffineColumn(BinaryReader reader)
    {
        isVector = reader.ReadBoolean();
        Set((reader.ReadArray<float>(), reader.ReadArray<float>()));
        Slots = scale.Length;
        if (offset.Length != Slots) throw new InvalidDataException($"{Slots} scales, but {offset.Length} offsets");
    }

    internal int Slots { get; }

    internal void Set((float[] Scale, float[] Offset) learned)
    {
        (scale, offset) = learned;
        shift = Array.ConvertAll(offset, value => -value);
        hasOffset = offset.AsSpan().ContainsAnyExcept(0f);
    }

    internal bool Fits(DataViewType type) => isVector ? type.IsFloatVector(Slots) : type.Equals(NumberDataViewType.Single);

    internal string TypeText => isVector ? $"Vector<Single, {Slots}>" : "Single";

    internal void Save(BinaryWriter writer)
    {
        writer.Write(isVector);
        writer.WriteArray<float>(scale);
        writer.WriteArray<float>(offset);
    }

    /// <summary>Gives all of the current row's values.</summary>
    internal delegate ReadOnlySpan<float> RowReader();

    internal RowReader Reader(DataViewRow row, DataViewSchema.Column column)
    {
        var values = new float[Slots];
        if (!isVector)
        {
            var scalar = row.GetGetter<float>(column);
            return () =>
            {
                scalar(ref values[0]);
                return values;
            };
        }
        var getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> buffer = default;
        return () =>
        {
            getter(ref buffer);
            if (buffer.IsDense) return buffer.GetValues();
            buffer.CopyTo(values);
            return values;
        };
    }

    /// <summary>A getter of the normalised values.</summary>
    internal Delegate Getter(DataViewRow row, DataViewSchema.Column column)
    {
        if (!isVector)
        {
            var scalar = row.GetGetter<float>(column);
            return (ValueGetter<float>)((ref float value) =>
            {
                scalar(ref value);
                value = (value - offset[0]) * scale[0];
            });
        }
        var getter = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> input = default;
        return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> output) =>
        {
            getter(ref input);
            if (input.IsDense || hasOffset) Dense(input, ref output);
            else Sparse(input, ref output);
        });
    }

    private void Dense(in VBuffer<float> input, ref VBuffer<float> output)
    {
        var editor = VBufferEditor.Create(ref output, Slots);
        if (!input.IsDense) input.CopyTo(editor.Values);
        var values = input.IsDense ? input.GetValues() : editor.Values;
        if (hasOffset) TensorPrimitives.AddMultiply(values, shift, scale, editor.Values);
        else TensorPrimitives.Multiply(values, scale, editor.Values);
        output = editor.Commit();
    }

    private void Sparse(in VBuffer<float> input, ref VBuffer<float> output)
    {
        var values = input.GetValues();
        var indices = input.GetIndices();
        var editor = VBufferEditor.Create(ref output, Slots, values.Length);
        indices.CopyTo(editor.Indices);
        for (var i = 0; i < values.Length; i++) editor.Values[i] = values[i] * scale[indices[i]];
        output = editor.Commit();
    }
}
