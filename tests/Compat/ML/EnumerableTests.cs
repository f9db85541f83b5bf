using Microsoft.ML;
using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class EnumerableTests
{
    private readonly MLContext context = new(seed: 1);

    [Fact]
    public void Members_become_columns_as_their_types_and_attributes_say()
    {
        var schema = context.Data.LoadFromEnumerable(Digit.Some(1)).Schema;
        Assert.Equal(7, schema.Count);
        Assert.Equal(TextDataViewType.Instance, schema["Name"].Type);
        Assert.Equal<DataViewType>(new KeyDataViewType(typeof(uint), 10), schema["Label"].Type);
        Assert.Equal<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 3), schema["Pixels"].Type);
        Assert.False(((VectorDataViewType)schema["Any"].Type).IsKnownSize);
        Assert.Equal(BooleanDataViewType.Instance, schema["IsEven"].Type);
        Assert.Equal(NumberDataViewType.Double, schema["Weight"].Type);
        Assert.Null(schema.GetColumnOrNull("Own"));
    }

    [Fact]
    public void Rows_come_back_as_the_objects_they_were()
    {
        foreach (var data in new[] { Digit.Some(7), Digit.Sequence(7) })
        {
            var view = context.Data.LoadFromEnumerable(data);
            Assert.Equivalent(Digit.Some(7), context.Data.CreateEnumerable<Digit>(view, reuseRowObject: false).ToArray(), strict: true);
        }
    }

    [Fact]
    public void No_rows_are_a_view_too()
    {
        var view = context.Data.LoadFromEnumerable(Array.Empty<Digit>());
        Assert.Equal(0, view.GetRowCount());
        var test = context.Data.TrainTestSplit(view).TestSet;
        foreach (var empty in new[] { view, context.Data.Cache(view), context.Data.ShuffleRows(view), test })
        {
            Assert.Empty(empty.GetColumn<string>("Name"));
            Assert.All(empty.GetRowCursorSet([empty.Schema["Name"]], 4), cursor => Assert.False(cursor.MoveNext()));
        }
    }

    [Fact]
    public void One_object_serves_all_rows_where_that_is_wanted()
    {
        var rows = context.Data.CreateEnumerable<Digit>(context.Data.LoadFromEnumerable(Digit.Some(5)), reuseRowObject: true);
        var sums = 0f;
        Digit? first = null;
        foreach (var row in rows)
        {
            Assert.Same(first ??= row, row);
            sums += row.Pixels[0];
        }
        Assert.Equal(0 + 1 + 2 + 3 + 4, sums);
    }

    [Fact]
    public void A_missing_column_is_told_or_left_out_as_wanted()
    {
        var view = context.Data.LoadFromEnumerable([new { Name = "a" }, new { Name = "b" }]);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => context.Data.CreateEnumerable<Digit>(view, false).ToList());
        Assert.Matches("Label|Pixels|Any|IsEven|Weight|Number", error.Message);
        Assert.Equal(["a", "b"], context.Data.CreateEnumerable<Digit>(view, false, ignoreMissingColumns: true).Select(row => row.Name));
    }

    private sealed class WrongType
    {
        public int Name { get; set; }
    }

    private sealed class Impossible
    {
        public Uri? Address { get; set; }
    }

    [Fact]
    public void Types_that_do_not_fit_are_told()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(2));
        Assert.Contains("Name", Assert.ThrowsAny<Exception>(() => context.Data.CreateEnumerable<WrongType>(view, false).ToList()).Message,
            StringComparison.Ordinal);
        Assert.Contains("Address", Assert.ThrowsAny<Exception>(() => context.Data.LoadFromEnumerable(new Impossible[1])).Message,
            StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => view.GetColumn<int>("Name").ToList());
        Assert.Throws<ArgumentOutOfRangeException>(() => view.GetColumn<int>("Nome").ToList());
    }

    [Fact]
    public void A_vector_of_another_size_than_its_column_has_is_told()
    {
        var rows = Digit.Some(3);
        rows[1].Pixels = [1, 2];
        var view = context.Data.LoadFromEnumerable(rows);
        Assert.ThrowsAny<Exception>(() => view.GetColumn<float[]>("Pixels").ToList());
        Assert.Equal(3, view.GetColumn<long>("Number").Count());
    }

    [Fact]
    public void A_definition_changes_names_and_types_at_run_time()
    {
        var definition = SchemaDefinition.Create(typeof(Digit));
        definition["Any"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        definition["Name"].ColumnName = "Title";
        var rows = Digit.Some(2);
        foreach (var row in rows) row.Any = [1, 2];
        var view = context.Data.LoadFromEnumerable(rows, definition);
        Assert.Equal(2, ((VectorDataViewType)view.Schema["Any"].Type).Size);
        Assert.Equal(["digit 0", "digit 1"], view.GetColumn<string>("Title"));
        definition["Title"].ColumnType = NumberDataViewType.Single;
        Assert.ThrowsAny<Exception>(() => context.Data.LoadFromEnumerable(rows, definition));
    }

    [Fact]
    public void A_schema_gives_columns_their_types_and_annotations()
    {
        var known = context.Data.LoadFromEnumerable(Digit.Some(2));
        var schema = new DataViewSchema.Builder();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        schema.AddColumns(known.Schema.Where(column => column.Name != "Pixels"));
        schema.AddColumn("Pixels", known.Schema["Pixels"].Type, annotations.ToAnnotations());
        Assert.True(context.Data.LoadFromEnumerable(Digit.Some(2), schema.ToSchema()).Schema["Pixels"].IsNormalized());
    }

    [Fact]
    public void Columns_are_read_by_themselves()
    {
        var view = context.Data.LoadFromEnumerable(Digit.Some(3));
        Assert.Equal(["digit 0", "digit 1", "digit 2"], view.GetColumn<string>("Name"));
        Assert.Equal([1u, 2, 3], view.GetColumn<uint>(view.Schema["Label"]));
        Assert.Equal([0f, 1, 2], view.GetColumn<VBuffer<float>>("Pixels").Select(vector => vector.GetItemOrDefault(0)));
        var pixels = view.GetColumn<float[]>("Pixels").ToList();
        Assert.Equal([[0, 0.25f, 0], [1, 1.25f, -1], [2, 2.25f, -2]], pixels);
    }
}
