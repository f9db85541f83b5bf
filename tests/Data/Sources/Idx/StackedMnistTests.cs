using System.Buffers.Binary;

namespace GanPipeline.Data.Tests;

public sealed class StackedMnistTests : IDisposable
{
    private const int Train = 40, Test = 20;

    private readonly TemporaryFolder _folder = new();

    public StackedMnistTests()
    {
        // The value of every pixel tells a digit's file, its place and its label: label 0 to 9 in turn, training digits below 100.
        Write("train", Bytes(Train, i => i), Bytes(Train, i => i % 10));
        Write("t10k", Bytes(Test, i => 100 + i), Bytes(Test, i => i % 10));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    public void Each_channel_is_a_digit_and_the_label_names_all_three(int size)
    {
        using var source = DataSets.Open(Options with { Size = size, Count = 200 });
        var side = size == 0 ? 4 : size;
        Assert.Equal((200, new ImageShape(3, side, side)), (source.Count, source.Shape));
        Assert.Equal(1000, source.Classes.Count);
        Assert.Equal(("000", "042", "999"), (source.Classes[0], source.Classes[42], source.Classes[999]));
        Assert.Equal(["class", "red", "green", "blue"], source.Attributes.Select(a => a.Name));
        Assert.All(source.Attributes, a => Assert.False(a.SurvivesMirroring)); // a mirrored 3 is none
        var values = new float[4];
        for (var i = 0; i < source.Count; i++)
        {
            var digits = Digits(source, i);
            var (red, green, blue) = (digits[0] % 10, digits[1] % 10, digits[2] % 10);
            Assert.Equal(100 * red + 10 * green + blue, source.Label(i));
            source.ReadAttributes(i, values);
            Assert.Equal([source.Label(i), red, green, blue], values);
        }
        Assert.True(Enumerable.Range(0, 200).Select(source.Label).Distinct().Count() > 150); // about 181 of 1000 in 200 draws
    }

    [Fact]
    public void A_picture_depends_on_seed_and_index_alone()
    {
        using var source = DataSets.Open(Options with { Count = 50 });
        using var longer = DataSets.Open(Options with { Count = 60 });
        using var other = DataSets.Open(Options with { Count = 50, Seed = 1 });
        Assert.Equal(source.ReadAll(), longer.ReadAll().Take(50));
        Assert.Equal(source.Read(7), source.Read(7));
        Assert.NotEqual(source.ReadAll(), other.ReadAll());
        using var again = DataSets.Open(Options with { Count = 50 });
        Assert.Equal(source.Fingerprint, again.Fingerprint);
        Assert.Equal(3, new[] { source, longer, other }.Select(s => s.Fingerprint).Distinct().Count());
        // Written down once: what these digits were drawn as, for every later version.
        Assert.Equal([33, 24, 17, 12, 16, 21], (int[])[.. Digits(source, 0), .. Digits(source, 1)]);
    }

    [Fact]
    public void The_test_part_is_made_of_test_digits()
    {
        using var train = DataSets.Open(Options with { Count = 300 });
        using var test = DataSets.Open(Options with { Split = "test", Count = 300 });
        using var all = DataSets.Open(Options with { Split = "all", Count = 300 });
        Assert.All(train.ReadAll().SelectMany(p => p), p => Assert.InRange(p, 0, Train - 1));
        Assert.All(test.ReadAll().SelectMany(p => p), p => Assert.InRange(p, 100, 100 + Test - 1));
        Assert.Equal(Train + Test, all.ReadAll().SelectMany(p => p).Distinct().Count());
        Assert.NotEqual(Enumerable.Range(0, 300).Select(train.Label), Enumerable.Range(0, 300).Select(test.Label));
        using var whole = DataSets.Open(Options);
        using var wholeTest = DataSets.Open(Options with { Split = "test" });
        Assert.Equal((128_000, 26_000), (whole.Count, wholeTest.Count));
    }

    [Fact]
    public void Classes_and_limit_select()
    {
        using var some = DataSets.Open(Options with { Count = 5000, Classes = ["123", "007"] });
        Assert.Equal(["007", "123"], some.Classes);
        Assert.InRange(some.Count, 2, 30); // 10 expected
        Assert.All(Enumerable.Range(0, some.Count), i => Assert.Equal(some.Label(i) == 0 ? [0, 0, 7] : [1, 2, 3],
            Digits(some, i).Select(d => d % 10)));
        Assert.Equal([0.5, 0.5], some.ClassShares());
        using var few = DataSets.Open(Options with { Limit = 12 });
        Assert.Equal(12, few.Count);
    }

    [Fact]
    public void Class_shares_are_those_of_the_draw()
    {
        // Half of the digits are zeros.
        Write("train", new byte[20], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        using var source = DataSets.Open(Options with { Count = 20_000 });
        var shares = source.ClassShares();
        Assert.Equal(1, shares.Sum(), 12);
        Assert.Equal(0.55 * 0.05 * 0.55, shares[50], 12);
        using var few = DataSets.Open(Options with { Count = 20_000, Limit = 10 });
        Assert.Equal(shares, few.ClassShares());
        // 20,000 draws of 0.166: within five standard deviations.
        Assert.InRange(Enumerable.Range(0, source.Count).Count(i => source.Label(i) == 0), 3328 - 265, 3328 + 265);
        // Of other data, what is there is counted.
        using var digits = DataSets.Open(Options with { Kind = "idx" });
        Assert.Equal([0.55, .. Enumerable.Repeat(0.05, 9)], digits.ClassShares());
        using var two = DataSets.Open(Options with { Kind = "idx", Classes = ["0", "3"] });
        Assert.Equal([11 / 12.0, 1 / 12.0], two.ClassShares());
    }

    [Fact]
    public void What_cannot_be_stacked_is_told()
    {
        Assert.Contains("channels is 1, but images of stacked-mnist have 3", Reading.Fails(Options with { Channels = 1 }).Message);
        Assert.Contains("needs a path", Reading.Fails(Options with { Path = null }).Message);
        Assert.Contains("no file or folder", Reading.Fails(Options with { Path = _folder["absent"] }).Message);
        Assert.Contains("tables are for folders", Reading.Fails(Options with { Attributes = "a.csv" }).Message);
        Assert.Contains("one file of pictures", Reading.Fails(Options with { Path = _folder["train-images-idx3-ubyte"] }).Message);
        Write("train", new byte[3], [0, 1, 2]);
        Assert.Contains("have 3 classes, 0 to 2, but stacked-mnist needs the ten digits", Reading.Fails(Options).Message);
        Write("train", new byte[2], [0, 10]);
        Assert.Contains("have 11 classes", Reading.Fails(Options).Message);
        File.Delete(_folder["train-labels-idx1-ubyte"]);
        Assert.Contains("have no labels, but stacked-mnist needs them", Reading.Fails(Options).Message);
        Write("train", new byte[2], [0]);
        var damaged = Reading.Fails(Options).Message;
        Assert.Contains("1 labels", damaged);
        Assert.DoesNotContain("open it as", damaged); // these are the right files
        File.Delete(_folder["train-images-idx3-ubyte"]);
        Assert.Contains("There is no train-images-idx3-ubyte", Reading.Fails(Options).Message);
    }

    [SharedFact("data/mnist")]
    public void Mnist_is_stacked_as_its_digits_are_read_alone()
    {
        var path = Path.Combine(Repository.Shared, "data", "mnist");
        using var digits = DataSets.Open(new DataOptions { Kind = "idx", Path = path, Size = 32, Split = "test" });
        using var stacked = DataSets.Open(new DataOptions { Kind = "stacked-mnist", Path = path, Size = 32, Split = "test" });
        var alone = new Dictionary<string, int>();
        for (var i = 0; i < digits.Count; i++) alone[Convert.ToHexString(digits.Read(i))] = digits.Label(i);
        for (var i = 0; i < 1000; i++)
        {
            var label = stacked.Read(i).Chunk(32 * 32).Aggregate(0, (sum, channel) => 10 * sum + alone[Convert.ToHexString(channel)]);
            Assert.Equal(label, stacked.Label(i));
        }
        Assert.Equal(1000, Enumerable.Range(0, stacked.Count).Select(stacked.Label).Distinct().Count());
        // MNIST has 980 zeros and 1135 ones among its test digits.
        Assert.Equal(0.0980 * 0.1135 * 0.0980, stacked.ClassShares()[10], 12);
    }

    private DataOptions Options => new() { Kind = "stacked-mnist", Path = _folder.Path };

    /// <summary>The one value that all pixels of a channel have.</summary>
    private static int[] Digits(IImageSource source, int index) =>
        [.. source.Read(index).Chunk(source.Shape.Height * source.Shape.Width).Select(channel => (int)Assert.Single(channel.Distinct()))];

    private static byte[] Bytes(int count, Func<int, int> value) => [.. Enumerable.Range(0, count).Select(i => (byte)value(i))];

    private void Write(string split, byte[] values, byte[] labels)
    {
        File.WriteAllBytes(_folder[$"{split}-images-idx3-ubyte"],
            [0, 0, 8, 3, .. Size(values.Length), .. Size(4), .. Size(4), .. values.SelectMany(v => Enumerable.Repeat(v, 16))]);
        File.WriteAllBytes(_folder[$"{split}-labels-idx1-ubyte"], [0, 0, 8, 1, .. Size(labels.Length), .. labels]);

        static byte[] Size(int size)
        {
            var bytes = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, size);
            return bytes;
        }
    }
}
