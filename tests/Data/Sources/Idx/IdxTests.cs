using System.Buffers.Binary;
using System.IO.Compression;

namespace GanPipeline.Data.Tests;

public sealed class IdxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pictures_and_labels_come_back(bool gzip)
    {
        Write("train-images-idx3-ubyte", gzip, Idx([5, 4, 4], Counting(80)));
        Write("train-labels-idx1-ubyte", gzip, Idx([5], [3, 1, 0, 2, 1]));
        using var source = DataSets.Open(Options);
        Assert.Equal((5, new ImageShape(1, 4, 4)), (source.Count, source.Shape));
        Assert.Equal(["0", "1", "2", "3"], source.Classes);
        Assert.False(Assert.Single(source.Attributes).SurvivesMirroring); // a mirrored 3 is none
        Assert.Equal([3, 1, 0, 2, 1], Enumerable.Range(0, 5).Select(source.Label));
        Assert.Equal(Counting(80), source.ReadAll().SelectMany(p => p));
    }

    [Fact]
    public void Without_labels_there_are_no_classes()
    {
        Write("train-images-idx3-ubyte", false, Idx([2, 4, 4], Counting(32)));
        using var source = DataSets.Open(Options);
        Assert.Empty(source.Classes);
        Assert.Equal(-1, source.Label(1));
    }

    [Fact]
    public void Splits_are_files_and_all_is_both()
    {
        Write("train-images-idx3-ubyte", false, Idx([2, 4, 4], Counting(32)));
        Write("t10k-images-idx3-ubyte", true, Idx([1, 4, 4], new byte[16]));
        using var test = DataSets.Open(Options with { Split = "test" });
        using var all = DataSets.Open(Options with { Split = "all" });
        Assert.Equal((1, 3), (test.Count, all.Count));
        Assert.Equal(new byte[16], all.Read(2));
    }

    [Fact]
    public void Classes_and_limit_select()
    {
        Write("train-images-idx3-ubyte", false, Idx([5, 4, 4], Counting(80)));
        Write("train-labels-idx1-ubyte", false, Idx([5], [3, 1, 0, 3, 1]));
        using var some = DataSets.Open(Options with { Classes = ["3", "1"] });
        Assert.Equal(["1", "3"], some.Classes);
        Assert.Equal([1, 0, 1, 0], Enumerable.Range(0, some.Count).Select(some.Label));
        using var few = DataSets.Open(Options with { Limit = 2 });
        Assert.Equal((byte)48, few.Read(1)[0]); // pictures 0 and 3 of 5: the golden section lies between
        Assert.Contains("no class '7'", Reading.Fails(Options with { Classes = ["7"] }).Message);
        Assert.Contains("no pictures of 2", Reading.Fails(Options with { Classes = ["2"] }).Message);
    }

    [Fact]
    public void Colour_and_size_are_made_on_request()
    {
        Write("train-images-idx3-ubyte", false, Idx([1, 4, 4], [.. Enumerable.Repeat((byte)90, 16)]));
        using var source = DataSets.Open(Options with { Channels = 3, Size = 8 });
        Assert.Equal(new ImageShape(3, 8, 8), source.Shape);
        Assert.All(source.Read(0), p => Assert.Equal(90, p));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_is_cut_short_names_both_sizes(bool gzip)
    {
        Write("train-images-idx3-ubyte", gzip, Idx([5, 4, 4], Counting(79)));
        var message = Reading.Fails(Options).Message;
        Assert.Contains("train-images-idx3-ubyte", message);
        Assert.Contains("promises 5 x 4 x 4 = 80 bytes, but 79", message);
    }

    [Fact]
    public void A_header_that_promises_terabytes_costs_nothing()
    {
        RequireCutShort([int.MaxValue, 4, 4]);
        RequireCutShort([3, 40_000, 50_000]);
        Write("train-images-idx3-ubyte", true, Idx([1, int.MaxValue, int.MaxValue], []));
        Assert.Contains("more than can be", Reading.Fails(Options).Message);
    }

    [Fact]
    public void One_picture_may_be_larger_than_a_block()
    {
        Write("train-images-idx3-ubyte", true, Idx([2, 3000, 3000], [.. new byte[9_000_000], .. Enumerable.Repeat((byte)90, 9_000_000)]));
        using var source = DataSets.Open(Options with { Size = 4 });
        Assert.All(source.Read(1), p => Assert.Equal(90, p));
    }

    private void RequireCutShort(int[] sizes)
    {
        Write("train-images-idx3-ubyte", true, Idx(sizes, Counting(32)));
        var before = GC.GetTotalAllocatedBytes();
        Assert.Contains("but 32 follow", Reading.Fails(Options).Message);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 << 20, "more was allocated than a few blocks");
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 8, 1, 0, 0, 0, 1, 7 }, "0x00000801, but must with 0x00000803")]
    [InlineData(new byte[] { 0, 0 }, "2 bytes")]
    [InlineData(new byte[0], "0 bytes")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0 }, "ends after 6")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4 }, "size 0 for dimension 1")]
    [InlineData(new byte[] { 0, 0, 8, 3, 255, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 4 }, "dimension 1")]
    [InlineData(new byte[] { 0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6 }, "more follow")]
    public void Other_damage_is_told(byte[] content, string complaint)
    {
        Write("train-images-idx3-ubyte", false, content);
        Assert.Contains(complaint, Reading.Fails(Options).Message);
    }

    [Fact]
    public void Damaged_gzip_is_told()
    {
        Write("train-images-idx3-ubyte", true, Idx([5, 4, 4], Counting(80)));
        var path = _folder["train-images-idx3-ubyte.gz"];
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(12, 20).Fill(0xEE);
        File.WriteAllBytes(path, bytes);
        Assert.Contains(path, Reading.Fails(Options).Message);
    }

    [Fact]
    public void Labels_must_match_the_pictures()
    {
        Write("train-images-idx3-ubyte", false, Idx([2, 4, 4], Counting(32)));
        Write("train-labels-idx1-ubyte", false, Idx([3], [1, 2, 3]));
        Assert.Contains("3 labels", Reading.Fails(Options).Message);
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        Assert.Contains("train-images-idx3-ubyte", Reading.Fails(Options).Message);
        Assert.Contains("no file or folder", Reading.Fails(Options with { Path = _folder["absent"] }).Message);
        Assert.Contains("needs a path", Reading.Fails(Options with { Path = null }).Message);
    }

    [SharedFact("data/mnist")]
    public void Mnist_is_what_it_is_known_to_be()
    {
        var options = Options with { Path = Path.Combine(Repository.Shared, "data", "mnist") };
        using var train = DataSets.Open(options);
        using var test = DataSets.Open(options with { Split = "test" });
        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal([5, 0, 4, 1, 9], Enumerable.Range(0, 5).Select(train.Label)); // the database's well-known first digits
        Assert.Equal([7, 2, 1, 0, 4], Enumerable.Range(0, 5).Select(test.Label));
        Assert.Equal(5923, Enumerable.Range(0, train.Count).Count(i => train.Label(i) == 0)); // zeros, as its page counts them
        // The mean that everybody normalises with: 0.1307 of 255.
        Assert.Equal(33.318, train.ReadAll().Average(p => p.Average(v => (double)v)), 3);
    }

    private DataOptions Options => new() { Kind = "idx", Path = _folder.Path };

    private static byte[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    private static byte[] Idx(int[] sizes, byte[] content)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (8, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        return [.. header, .. content];
    }

    private void Write(string name, bool gzip, byte[] content)
    {
        using Stream file = File.Create(_folder[gzip ? name + ".gz" : name]);
        using var stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
    }
}
