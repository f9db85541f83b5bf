namespace GanPipeline.Data.Tests;

public sealed class PartitionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PartitionFileTests()
    {
        for (var i = 1; i <= 4; i++) _folder.Put($"pictures/{i}.png", Reading.Png(4, 4, (byte)i, 0, 0));
    }

    private DataOptions Options => new() { Kind = "folder", Path = _folder["pictures"], Size = 4, Partition = _folder["parts.txt"] };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.png 0\n2.png 1\n3.png 2\n4.png 0\n")]
    [InlineData("image_id,partition\n4.png,0\n3.png,2\n2.png,1\n1.png,0\n")]
    [InlineData("file;split\r\n4.png;0.0\r\n\"3.png\";2.0\r\n2.png;1.0\r\n1.png;0\r\n")]
    [InlineData("1.png train\n2.png val\n3.png Test\n4.png training\n")]
    public void Splits_are_those_of_the_file(string text)
    {
        File.WriteAllText(_folder["parts.txt"], text);
        Assert.Equal([1, 4], Reds("train"));
        Assert.Equal([3], Reds("test"));
        Assert.Equal([1, 2, 3, 4], Reds("all"));
    }

    [Theory]
    [InlineData("1.png 0\n2.png 3\n", "line 2: '2.png 3' is not a file's name and 0 (train)")]
    [InlineData("1.png 0\n2.png 0.5\n", "line 2: '2.png 0.5' is not a file's name and 0 (train)")]
    [InlineData("1.png 0\n1.png 1\n", "line 2: '1.png' is named a second time")]
    [InlineData("1.png 0\n2.png 1\n", "does not name 2 of the 4 pictures (3.png, 4.png)")]
    [InlineData("1.png 1\n2.png 1\n3.png 1\n4.png 2\n", "puts none of the 4 pictures")]
    public void What_is_wrong_is_told(string text, string expected)
    {
        File.WriteAllText(_folder["parts.txt"], text);
        Assert.Contains(expected, Reading.Fails(Options).Message);
    }

    [Fact]
    public void Pictures_without_a_part_can_be_left_out()
    {
        File.WriteAllText(_folder["parts.txt"], "1.png 0\n2.png 2\n");
        using var source = DataSets.Open(Options with { Missing = MissingAttributes.LeaveOut, Split = "all" });
        Assert.Equal(2, source.Count);
    }

    private int[] Reds(string split)
    {
        using var source = DataSets.Open(Options with { Split = split });
        return [.. source.ReadAll().Select(p => (int)p[0])];
    }
}
