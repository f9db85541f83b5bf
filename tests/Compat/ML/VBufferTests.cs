using Microsoft.ML.Data;

namespace GanPipeline.Compat.Tests.ML;

public class VBufferTests
{
    private static VBuffer<float> Dense => new(4, [1, 2, 3, 4]);

    /// <summary>0 5 0 0 6 0.</summary>
    private static VBuffer<float> Sparse => new(6, 2, [5, 6], [1, 4]);

    [Fact]
    public void Dense_and_sparse_vectors_tell_what_they_hold()
    {
        Assert.True(Dense.IsDense);
        Assert.Equal([1f, 2, 3, 4], Dense.GetValues().ToArray());
        Assert.True(Dense.GetIndices().IsEmpty);
        Assert.False(Sparse.IsDense);
        Assert.Equal([5f, 6], Sparse.GetValues().ToArray());
        Assert.Equal([1, 4], Sparse.GetIndices().ToArray());
        Assert.Equal([0f, 5, 0, 0, 6, 0], Sparse.DenseValues());
        Assert.Equal([KeyValuePair.Create(1, 5f), KeyValuePair.Create(4, 6f)], Sparse.Items());
        Assert.Equal(6, Sparse.Items(all: true).Count());
        Assert.Equal((6f, 0f), (Sparse.GetItemOrDefault(4), Sparse.GetItemOrDefault(3)));
        Assert.ThrowsAny<ArgumentException>(() => Sparse.GetItemOrDefault(6));
    }

    [Fact]
    public void Copies_keep_shape_and_items()
    {
        VBuffer<float> copy = default;
        Sparse.CopyTo(ref copy);
        Assert.Equal((6, 2), (copy.Length, copy.GetValues().Length));
        Assert.Equal(Sparse.DenseValues(), copy.DenseValues());
        Sparse.CopyTo(ref copy, 1, 4);
        Assert.Equal([5f, 0, 0, 6], copy.DenseValues());
        Dense.CopyTo(ref copy, 1, 2);
        Assert.Equal([2f, 3], copy.DenseValues());
        Sparse.CopyToDense(ref copy);
        Assert.True(copy.IsDense);
        Assert.Equal([0f, 5, 0, 0, 6, 0], copy.GetValues().ToArray());
        var span = new float[8];
        Sparse.CopyTo(span, 1, -1);
        Assert.Equal([0f, -1, 5, -1, -1, 6, -1, 0], span);
        VBuffer<float>.Copy([7, 8, 9], 1, ref copy, 2);
        Assert.Equal([8f, 9], copy.DenseValues());
    }

    [Fact]
    public void An_editor_reuses_memory_that_is_large_enough()
    {
        float[] memory = [1, 2, 3, 4];
        var buffer = new VBuffer<float>(4, memory);
        var editor = VBufferEditor.Create(ref buffer, 3);
        editor.Values.Fill(9);
        buffer = editor.Commit();
        Assert.Equal([9f, 9, 9], buffer.GetValues().ToArray());
        Assert.Equal([9f, 9, 9, 4], memory);

        var larger = VBufferEditor.Create(ref buffer, 5, keepOldOnResize: true);
        Assert.False(larger.Values.Overlaps(memory));
        Assert.Equal([9f, 9, 9], larger.Values[..3].ToArray());

        var sparse = VBufferEditor.Create(ref buffer, 100, 1);
        (sparse.Values[0], sparse.Indices[0]) = (1, 40);
        buffer = sparse.Commit();
        Assert.Equal((100, 1), (buffer.Length, buffer.GetValues().Length));
        Assert.Equal(1, buffer.GetItemOrDefault(40));
    }

    [Fact]
    public void Vectors_that_do_not_fit_their_arrays_are_refused()
    {
        Assert.ThrowsAny<Exception>(() => new VBuffer<float>(3, new float[2]));
        Assert.ThrowsAny<Exception>(() => new VBuffer<float>(3, 2, new float[2], new int[1]));
        Assert.ThrowsAny<Exception>(() => Dense.CopyTo(new float[3]));
    }
}
