using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace GanPipeline.Compat.Tests;

[Collection(OneAtATime.Name)]
public class TensorTests
{
    [Fact]
    public void Arrays_GoInAndOut()
    {
        using var scope = NewDisposeScope();
        var t = from_array(new[,,] { { { 1f, 2 }, { 3, 4 }, { 5, 6 } } });
        Assert.Equal([1L, 3, 2], t.shape);
        Assert.Equal((3L, 6L, ScalarType.Float32, DeviceType.CPU), (t.ndim, t.numel(), t.dtype, t.device.type));
        Assert.Equal([1f, 2, 3, 4, 5, 6], t.data<float>().ToArray());
        // Strided memory is read in the order of the shape.
        Assert.Equal([1f, 3, 5, 2, 4, 6], t.permute(0, 2, 1).data<float>().ToArray());
        Assert.Equal(5f, t.permute(0, 2, 1).data<float>()[0, 0, 2]);
        Assert.Equal([1L, 2], tensor([1L, 2]).data<long>().ToArray());
        Assert.Equal([true, false], tensor(new[] { true, false }).data<bool>().ToArray());
        Assert.Equal([1f, 0], tensor(new[] { true, false }, float32).data<float>().ToArray());
        Assert.Equal([2L, 2], tensor(new byte[] { 1, 2, 3, 4 }, [2, 2]).shape);
        Assert.Equal(ScalarType.Float64, tensor(1.5).dtype);
        Assert.Empty(tensor(3).shape);
        Assert.Throws<ArgumentException>(() => tensor(new float[5], [2, 3]));
        Assert.Throws<ArgumentException>(() => t.data<double>());
    }

    [Fact]
    public void Memory_CanBeWritten()
    {
        using var scope = NewDisposeScope();
        var t = zeros(2, 3);
        t.data<float>().CopyFrom([1, 2, 3, 4, 5, 6]);
        var accessor = t.data<float>();
        accessor[1, 1] = 50;
        Assert.Equal([1f, 2, 3, 4, 50, 6], accessor.ToArray());
        var part = new float[2];
        accessor.CopyTo(part, tensorIndex: 3);
        Assert.Equal([4f, 50], part);
        MemoryMarshal.Cast<byte, float>(t.bytes)[0] = -1;
        Assert.Equal(-1f, t[0, 0].item<float>());
        Assert.Throws<ArgumentException>(() => t.bytes = new byte[3]);
        Assert.Throws<NotImplementedException>(() => t.t().bytes.Length);
    }

    [Fact]
    public void Indexing_AssignsToPlaces()
    {
        using var scope = NewDisposeScope();
        var t = zeros(3, 4);
        t[1] = ones(4);
        t[0, 2] = 7f;
        t[TensorIndex.Colon, 3] = tensor(new float[] { 4, 5, 6 });
        t[TensorIndex.Tensor(tensor([2L])), TensorIndex.Slice(0, 2)] = -1f;
        Assert.Equal([0f, 0, 7, 4, 1, 1, 1, 5, -1, -1, 0, 6], t.data<float>().ToArray());
        Assert.Equal([7f, 1, 0], t[.., 2].data<float>().ToArray());
        Assert.Equal([-1f, -1, 0, 6], t[^1].data<float>().ToArray());
        Assert.Equal(6f, t[-1][-1].ToSingle());
    }

    [Fact]
    public void Values_AreConverted()
    {
        using var scope = NewDisposeScope();
        var t = tensor(new[] { 2.75 });
        Assert.Equal((2.75f, 2.75, 2, 2L, true), (t.ToSingle(), t.ToDouble(), t.ToInt32(), t.ToInt64(), t.ToBoolean()));
        Assert.Equal(2.75, t.item<double>());
        Assert.Equal(2.75f, (float)t);
        Assert.Equal(ScalarType.Int64, t.to(int64).dtype);
        Assert.Throws<ArgumentException>(() => t.item<float>());
        Assert.Throws<ArgumentException>(() => ones(2).item<float>());
        var same = t.to(CPU);
        same.add_(1);
        Assert.Equal(3.75, t.item<double>());
        Assert.Equal(3.75, t.to(float64, copy: true).sub_(1).item<double>() + 1);
        Assert.True(t.to(float32, disposeAfter: true).dtype == float32 && t.IsInvalid);
    }

    [Fact]
    public void Failures_AreExceptionsWithLibtorchsText()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => ones(2, 3).mm(ones(4, 5)));
        Assert.Contains("shapes cannot be multiplied (2x3 and 4x5)", error.Message, StringComparison.Ordinal);
        Assert.Contains("size", Assert.Throws<ExternalException>(() => ones(2, 3).view(4)).Message, StringComparison.Ordinal);
        Assert.Throws<ExternalException>(() => ones(3).select(0, 5));
        // And the next call works.
        Assert.Equal(6f, ones(2, 3).sum().ToSingle());
        var disposed = ones(1);
        disposed.Dispose();
        disposed.Dispose();
        Assert.Throws<InvalidOperationException>(() => disposed + 1);
    }

    [Fact]
    public void Devices_AreParsed()
    {
        Assert.Equal("cpu", CPU.ToString());
        Assert.Equal((DeviceType.CUDA, 1), (device("cuda:1").type, device("cuda:1").index));
        Assert.Equal("cuda:0", device("cuda").ToString());
        Assert.Throws<ArgumentException>(() => device("gpu"));
        Assert.Throws<ArgumentException>(() => device("cuda:x"));
        Assert.True(TryInitializeDeviceType(DeviceType.CPU));
        Assert.Equal(cuda.is_available(), TryInitializeDeviceType(DeviceType.CUDA));
    }

    [Fact]
    public void LongLists_PassThrough()
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, 500).Select(i => full(1, i)).ToArray();
        Assert.Equal(499 * 500 / 2f, cat(parts).sum().ToSingle());
    }

    /// <summary>Large blocks of memory are kept for the next tensor of their size; their contents are not.</summary>
    [Fact]
    public void Memory_IsReusedSafely()
    {
        using var scope = NewDisposeScope();
        var kept = full(1 << 20, 3);
        Parallel.For(0, 50, i =>
        {
            using var a = zeros((1 << 18) + (i * 1000));
            using var b = a + i;
            using var sum = b.sum(ScalarType.Float64);
            Assert.Equal(i * (double)a.numel(), sum.ToDouble());
        });
        Assert.Equal(3.0 * (1 << 20), kept.sum(ScalarType.Float64).ToDouble());
        Assert.Equal(0, zeros(0, 5).numel());
    }

    [Fact]
    public void Version_IsLibtorchs() => Assert.Matches(@"^\d+\.\d+", __version__);
}
