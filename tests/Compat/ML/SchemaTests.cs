using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class SchemaTests
{
    [Fact]
    public void A_later_column_hides_earlier_ones_of_its_name()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Int32);
        var schema = builder.ToSchema();
        Assert.Equal(3, schema.Count);
        Assert.Equal((2, NumberDataViewType.Int32), (schema["A"].Index, schema["A"].Type));
        Assert.Equal([true, false, false], schema.Select(column => column.IsHidden));
        Assert.Null(schema.GetColumnOrNull("C"));
        Assert.Throws<ArgumentOutOfRangeException>(() => schema["C"]);
    }

    [Fact]
    public void Annotations_are_read_by_kind_and_type()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), (ref VBuffer<ReadOnlyMemory<char>> names) =>
            names = new(2, ["x".AsMemory(), "y".AsMemory()]));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("A", new VectorDataViewType(NumberDataViewType.Single, 2), builder.ToAnnotations());
        var column = schema.ToSchema()["A"];

        Assert.True(column.IsNormalized());
        Assert.True(column.HasSlotNames());
        Assert.False(column.HasKeyValues());
        VBuffer<ReadOnlyMemory<char>> slots = default;
        column.GetSlotNames(ref slots);
        Assert.Equal(["x", "y"], slots.DenseValues().Select(text => text.ToString()));
        var number = 0f;
        Assert.Throws<InvalidOperationException>(() => column.Annotations.GetValue("IsNormalized", ref number));
        Assert.ThrowsAny<Exception>(() => column.Annotations.GetValue("Other", ref number));

        var some = new DataViewSchema.Annotations.Builder();
        some.Add(column.Annotations, kind => kind == "SlotNames");
        Assert.Equal(["SlotNames"], some.ToAnnotations().Schema.Select(annotation => annotation.Name));
    }
}
