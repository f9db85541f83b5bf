using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class ColumnTransformTests
{
    private readonly MLContext context = new(seed: 1);
    private readonly IDataView view;

    public ColumnTransformTests() => view = context.Data.LoadFromEnumerable(Digit.Some(4));

    [Fact]
    public void Columns_are_joined_in_order()
    {
        var estimator = context.Transforms.CopyColumns("First", "Pixels")
            .Append(context.Transforms.Concatenate("All", "Pixels", "First", "Any"));
        var joined = estimator.Fit(view).Transform(view);
        Assert.False(((VectorDataViewType)joined.Schema["All"].Type).IsKnownSize);
        Assert.Equal([3f, 3.25f, -3, 3, 3.25f, -3, 0, 0, 0], joined.GetColumn<float[]>("All").Last());

        var fixedSize = context.Transforms.Concatenate("All", "Pixels", "Pixels").Fit(view).Transform(view);
        Assert.Equal<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 6), fixedSize.Schema["All"].Type);
    }

    private sealed class Measures
    {
        public float Height = 2;
        public float Width = 3;
        public VBuffer<float> Sparse = new(4, 1, [7], [2]);
    }

    [Fact]
    public void Scalars_and_sparse_vectors_are_joined_and_slots_take_their_names()
    {
        var data = context.Data.LoadFromEnumerable([new Measures()]);
        var joined = context.Transforms.Concatenate("All", "Width", "Sparse", "Height").Fit(data).Transform(data);
        Assert.Equal([3f, 0, 0, 7, 0, 2], joined.GetColumn<float[]>("All").Single());
        var scalars = context.Transforms.Concatenate("All", "Width", "Height").Fit(data).Transform(data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        scalars.Schema["All"].GetSlotNames(ref names);
        Assert.Equal(["Width", "Height"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Columns_of_different_item_types_are_not_joined()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => context.Transforms.Concatenate("All", "Pixels", "Weight").Fit(view));
        Assert.Contains("'Weight'", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => context.Transforms.Concatenate("All"));
    }

    [Fact]
    public void A_copy_takes_type_annotations_and_the_place_of_its_name()
    {
        var copied = context.Transforms.CopyColumns("Name", "Label").Fit(view).Transform(view);
        Assert.Equal(view.Schema["Label"].Type, copied.Schema["Name"].Type);
        Assert.True(copied.Schema[view.Schema["Name"].Index].IsHidden);
        Assert.Equal([1u, 2, 3, 4], copied.GetColumn<uint>("Name"));
        Assert.Equal("digit 0", copied.GetColumn<string>(copied.Schema[view.Schema["Name"].Index]).First());
    }

    [Fact]
    public void Columns_are_dropped_and_selected()
    {
        var dropped = context.Transforms.DropColumns("Name", "Any").Fit(view).Transform(view);
        Assert.Equal(view.Schema.Select(column => column.Name).Except(["Name", "Any"]), dropped.Schema.Select(column => column.Name));
        var selected = context.Transforms.SelectColumns("Number", "Label").Fit(view).Transform(view);
        Assert.Equal(["Number", "Label"], selected.Schema.Select(column => column.Name));
        Assert.Equal([0L, 1, 2, 3], Digit.Numbers(selected));

        var hiding = context.Transforms.CopyColumns("Number", "Weight").Fit(view).Transform(view);
        Assert.Single(context.Transforms.SelectColumns("Number").Fit(hiding).Transform(hiding).Schema);
        Assert.Equal(2, context.Transforms.SelectColumns(["Number"], keepHidden: true).Fit(hiding).Transform(hiding).Schema.Count);
        Assert.Single(context.Transforms.DropColumns("Name").Fit(hiding).Transform(hiding).Schema, column => column.Name == "Number");
    }

    [Fact]
    public void A_missing_column_is_told_when_fitting()
    {
        IEstimator<ITransformer>[] estimators =
        [
            context.Transforms.Concatenate("All", "Pixels", "Nome"), context.Transforms.CopyColumns("X", "Nome"),
            context.Transforms.DropColumns("Nome"), context.Transforms.SelectColumns("Nome"),
        ];
        foreach (var estimator in estimators)
            Assert.Contains("Could not find input column 'Nome'",
                Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(view)).Message, StringComparison.Ordinal);
    }
}
