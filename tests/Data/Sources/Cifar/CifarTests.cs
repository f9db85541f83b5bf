namespace GanPipeline.Data.Tests;

public sealed class CifarTests : IDisposable
{
    private const int RecordSize = 3073;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_come_back_in_the_files_order()
    {
        WriteTraining();
        using var source = DataSets.Open(Options);
        Assert.Equal((10, new ImageShape(3, 32, 32)), (source.Count, source.Shape));
        Assert.Equal("airplane", source.Classes[0]);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i, source.Label(i));
            Assert.All(source.Read(i), p => Assert.Equal(10 * i, p));
        }
    }

    [Fact]
    public void Names_come_from_the_meta_file()
    {
        WriteTraining();
        File.WriteAllLines(_folder["batches.meta.txt"], ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", ""]);
        using var source = DataSets.Open(Options with { Classes = ["c", "j"] });
        Assert.Equal(["c", "j"], source.Classes);
        Assert.Equal((byte)90, source.Read(1)[0]);
        File.WriteAllLines(_folder["batches.meta.txt"], ["a", "b"]);
        Assert.Contains("names 2", Reading.Fails(Options).Message);
    }

    [Fact]
    public void Damage_is_told()
    {
        WriteTraining();
        Assert.Contains("test_batch.bin", Reading.Fails(Options with { Split = "test" }).Message);
        File.WriteAllBytes(_folder["data_batch_3.bin"], new byte[RecordSize * 2 - 1]);
        var message = Reading.Fails(Options).Message;
        Assert.Contains("data_batch_3.bin", message);
        Assert.Contains("6145 bytes", message);
        File.WriteAllBytes(_folder["data_batch_3.bin"], Record(11, 0));
        Assert.Contains("label 11", Reading.Fails(Options).Message);
        File.Delete(_folder["data_batch_3.bin"]);
        Assert.Contains("data_batch_3.bin", Reading.Fails(Options).Message);
    }

    [SharedFact("data/cifar10-images.zip")]
    public void The_images_are_known_too()
    {
        var options = Options with { Path = Path.Combine(Repository.Shared, "data", "cifar10-images.zip") };
        using var train = DataSets.Open(options);
        using var test = DataSets.Open(options with { Split = "test" });
        Assert.Equal((50_000, 10_000, new ImageShape(3, 32, 32)), (train.Count, test.Count, train.Shape));
        Assert.Equal(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"], train.Classes);
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(1000, Enumerable.Range(0, 10_000).Count(i => test.Label(i) == label)));
        using var ships = DataSets.Open(options with { Classes = ["ship"], Limit = 200 });
        var mean = ships.ReadAll().SelectMany(p => p).Average(v => (double)v);
        Assert.InRange(mean, 100, 160); // ships, sea and sky are of middling brightness, however they are decoded
        Assert.Equal(0, ships.Skipped);
    }

    private DataOptions Options => new() { Kind = "cifar10", Path = _folder.Path };

    private void WriteTraining()
    {
        for (var file = 0; file < 5; file++)
            File.WriteAllBytes(_folder[$"data_batch_{file + 1}.bin"],
                [.. Record((byte)(2 * file), (byte)(20 * file)), .. Record((byte)(2 * file + 1), (byte)(20 * file + 10))]);
    }

    private static byte[] Record(byte label, byte value)
    {
        var record = new byte[RecordSize];
        record.AsSpan().Fill(value);
        record[0] = label;
        return record;
    }
}
