namespace GanPipeline.Core.Tests;

public class ImageTensorTests
{
    [Theory]
    [InlineData(-1f, 0)]
    [InlineData(0f, 128)] // 127.5, half to even
    [InlineData(1f, 255)]
    [InlineData(-7f, 0)]
    [InlineData(1e30f, 255)]
    [InlineData(float.NegativeInfinity, 0)]
    [InlineData(float.PositiveInfinity, 255)]
    [InlineData(float.NaN, 0)]
    [InlineData(-0.996f, 1)]
    public void Values_become_bytes(float value, byte expected) => Assert.Equal(expected, PixelValues.FromFloat(value));

    [Fact]
    public void The_vector_path_gives_the_scalar_bytes()
    {
        float[] edges = [-1, 0, 1, -7, 1e30f, float.NegativeInfinity, float.PositiveInfinity, float.NaN, -float.Epsilon];
        // Every byte's middle and both sides of every boundary between two bytes.
        float[] values = [.. edges, .. Enumerable.Range(0, 2 * 256 + 1).SelectMany(k =>
        {
            var x = k / 255f - 1f;
            return new[] { MathF.BitDecrement(x), x, MathF.BitIncrement(x) };
        })];
        var bytes = new byte[values.Length];
        PixelValues.FromFloats(values, bytes);
        Assert.Equal(values.Select(PixelValues.FromFloat), bytes);
    }

    [Fact]
    public void Planes_are_interleaved()
    {
        var tensor = new ImageTensor([-1, -1, -1, -1, 1, 0, 1, 0, -1, -1, 1, 1], 1, 3, 2, 2);
        var pixels = new byte[12];
        tensor.CopyPixels(0, pixels);
        Assert.Equal([0, 255, 0, 0, 128, 0, 0, 255, 255, 0, 128, 255], pixels);
    }

    [Fact]
    public void Bytes_become_values_and_come_back()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
        var tensor = ImageTensor.FromBytes(bytes, 1, 1, 16, 16);
        Assert.Equal((-1f, 1f), (tensor.Values[0], tensor.Values[255]));
        var back = new byte[256];
        tensor.CopyPixels(0, back);
        Assert.Equal(bytes, back);
        Assert.Throws<ArgumentException>(() => ImageTensor.FromBytes(bytes, 1, 3, 16, 16));
    }

    [Fact]
    public void Bytes_become_the_same_values_alone_in_vectors_and_in_planes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 3 * 101).Select(i => (byte)(7 * i))]; // vectors and a rest
        var values = new float[bytes.Length];
        PixelValues.ToFloats(bytes, values);
        Assert.Equal(bytes.Select(b => b / 127.5f - 1f), values); // to the bit
        Assert.Equal(256, Enumerable.Range(0, 256).Select(b => (byte)(7 * b)).Distinct().Count()); // every byte is among them

        var planes = new float[bytes.Length];
        PixelValues.ToPlanes(bytes, 3, planes);
        Assert.Equal(Enumerable.Range(0, 3).SelectMany(c => Enumerable.Range(0, 101).Select(i => values[3 * i + c])), planes);
        var back = new byte[bytes.Length];
        PixelValues.FromPlanes(planes, 3, back);
        Assert.Equal(bytes, back);
    }

    [Fact]
    public void Dimensions_are_checked()
    {
        var e = Assert.Throws<ArgumentException>(() => new ImageTensor(new float[11], 1, 3, 2, 2));
        Assert.Contains("11 values given for [1, 3, 2, 2], which has 12", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageTensor([], -1, 3, 2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageTensor(1, 0, 2, 2));
        var tensor = new ImageTensor(3, 1, 2, 2);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Image(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(2, 2));
        tensor.Image(2)[0] = 1;
        Assert.Equal([1, 0, 0, 0], tensor.Slice(2, 1).Values);
    }

    [Fact]
    public void Channels_are_selected_of_every_image()
    {
        var images = new ImageTensor([.. Enumerable.Range(0, 2 * 3 * 2).Select(i => (float)i)], 2, 3, 1, 2);
        var selected = images.SelectChannels(1, 2);
        Assert.Equal((2, 2, 1, 2), (selected.Count, selected.Channels, selected.Height, selected.Width));
        Assert.Equal([2, 3, 4, 5, 8, 9, 10, 11], selected.Values);
        Assert.Throws<ArgumentOutOfRangeException>(() => images.SelectChannels(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => images.SelectChannels(0, 0));
    }

    [Fact]
    public void Sets_are_interleaved_and_gray_ones_get_the_others_channels()
    {
        var gray = new ImageTensor([1, 2], 2, 1, 1, 1);
        var colour = new ImageTensor([3, 4, 5, 6, 7, 8], 2, 3, 1, 1);
        var all = ImageTensor.Interleave(gray, colour);
        Assert.Equal((4, 3), (all.Count, all.Channels));
        Assert.Equal([1, 1, 1, 3, 4, 5, 2, 2, 2, 6, 7, 8], all.Values);
        Assert.Equal([1, 1, 2, 2], ImageTensor.Interleave(gray, gray).Values);
        Assert.Throws<ArgumentException>(() => ImageTensor.Interleave());
        Assert.Throws<ArgumentException>(() => ImageTensor.Interleave(gray, colour.Slice(0, 1)));
        Assert.Throws<ArgumentException>(() => ImageTensor.Interleave(colour, new ImageTensor(2, 2, 1, 1)));
    }
}
