using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class ColumnTypeTests
{
    [Fact]
    public void Types_are_equal_by_what_they_mean()
    {
        Assert.Equal<DataViewType>(new KeyDataViewType(typeof(uint), 10), new KeyDataViewType(typeof(uint), 10));
        Assert.NotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 10), new KeyDataViewType(typeof(uint), 11));
        Assert.NotEqual<DataViewType>(new KeyDataViewType(typeof(uint), 10), NumberDataViewType.UInt32);
        Assert.Equal<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 2, 3),
            new VectorDataViewType(NumberDataViewType.Single, 2, 3));
        Assert.NotEqual<DataViewType>(new VectorDataViewType(NumberDataViewType.Single, 2, 3),
            new VectorDataViewType(NumberDataViewType.Single, 6));
        Assert.NotEqual<DataViewType>(NumberDataViewType.Single, NumberDataViewType.Double);
    }

    [Fact]
    public void A_vector_has_a_size_where_all_dimensions_are_known()
    {
        var picture = new VectorDataViewType(NumberDataViewType.Single, 3, 64, 64);
        Assert.Equal((12288, true, typeof(VBuffer<float>)), (picture.Size, picture.IsKnownSize, picture.RawType));
        Assert.Equal((0, false),
            (new VectorDataViewType(TextDataViewType.Instance).Size, new VectorDataViewType(NumberDataViewType.Byte, 3, 0).IsKnownSize));
        Assert.ThrowsAny<Exception>(() => new VectorDataViewType(NumberDataViewType.Single, -1));
        Assert.ThrowsAny<Exception>(() => new VectorDataViewType(NumberDataViewType.Single, 65536, 65536));
    }

    [Fact]
    public void Keys_are_unsigned_integers_that_can_count_that_far()
    {
        Assert.Equal(255ul, new KeyDataViewType(typeof(byte), 255).Count);
        Assert.ThrowsAny<ArgumentException>(() => new KeyDataViewType(typeof(byte), 256));
        Assert.ThrowsAny<ArgumentException>(() => new KeyDataViewType(typeof(int), 10));
        Assert.ThrowsAny<ArgumentException>(() => new KeyDataViewType(typeof(uint), 0));
    }

    [Fact]
    public void Types_are_told_by_name()
    {
        Assert.Equal("Single", NumberDataViewType.Single.ToString());
        Assert.Equal("String", TextDataViewType.Instance.ToString());
        Assert.Equal("Vector<Single, 3, 4>", new VectorDataViewType(NumberDataViewType.Single, 3, 4).ToString());
        Assert.Equal("Key<UInt32, 0-9>", new KeyDataViewType(typeof(uint), 10).ToString());
    }

    [Fact]
    public void Row_identifiers_of_derived_rows_differ()
    {
        var id = new DataViewRowId(1, 2);
        DataViewRowId[] derived = [id, id.Fork(), id.Fork().Fork(), new(2, 1), new DataViewRowId(2, 1).Fork()];
        Assert.Equal(derived.Length, derived.Distinct().Count());
        Assert.Equal(id.Fork(), new DataViewRowId(1, 2).Fork());
        Assert.True(id.CompareTo(new DataViewRowId(0, 3)) < 0);
    }
}
