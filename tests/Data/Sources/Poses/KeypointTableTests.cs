namespace GanPipeline.Data.Tests;

/// <summary>Tables of keypoints in both forms.</summary>
public sealed class KeypointTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private KeypointTable Read(string text)
    {
        File.WriteAllText(_folder["points.csv"], text);
        return KeypointTable.Read(_folder["points.csv"]);
    }

    [Fact]
    public void A_row_a_keypoint_has_names_and_may_miss_some()
    {
        var table = Read("file;name;x;y;visible\n.\\a\\1.png;head;3;4.5;2\na/1.png;foot;5;6;0\n2.png;foot;7;8;1\n2.png;hand;;9;1\n");
        Assert.Equal(["head", "foot", "hand"], table.Names);
        Assert.Equal(["a/1.png", "2.png"], table.Files);
        Assert.Equal([(3.5, 5), null, null], table.Points("a/1.png"));
        Assert.Equal([null, (7.5, 8.5), null], table.Points("2.png"));
        Assert.Equal([(1.5, 2.5)], Read("y,x,keypoint,image\n2,1,a,1.png\n").Points("1.png"));
        Assert.Contains("no keypoints of '3.png'; it names 1.png", Assert.Throws<ArgumentException>(
            () => KeypointTable.Read(_folder["points.csv"]).Points("3.png")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_a_picture_has_lists_as_pose_transfer_sets_do()
    {
        var ys = string.Join(", ", Enumerable.Range(0, 18).Select(i => i == 2 ? -1 : i));
        var xs = string.Join(", ", Enumerable.Range(0, 18).Select(i => i == 3 ? -1 : 20 + i));
        var table = Read($"name:keypoints_y:keypoints_x\n0002_c1s1_000451_03.jpg: [{ys}]: [{xs}]\na:b.jpg:[{ys}]:[{xs}]\n");
        Assert.Equal(KeypointTable.OpenPoseNames, table.Names);
        Assert.Equal(["nose", "neck", "right shoulder", "left ear"], new[] { 0, 1, 2, 17 }.Select(i => table.Names[i]));
        Assert.Equal(18, table.Names.Distinct().Count());
        Assert.Equal(["0002_c1s1_000451_03.jpg", "a:b.jpg"], table.Files);
        var points = table.Points("0002_c1s1_000451_03.jpg");
        Assert.Equal([(20.5, 0.5), (21.5, 1.5), null, null, (24.5, 4.5)], points.Take(5));
        Assert.Equal(["point1", "point2"], Read("name:keypoints_y:keypoints_x\n1.jpg: [1, 2]: [3, 4]\n").Names);
        Assert.Equal([(1.5, 3.5), (2.5, 4.5)], Read("name:keypoints_x:keypoints_y\n1.jpg: [1, 2]: [3, 4]\n").Points("1.jpg"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a\nb\n", "has neither the header file,name,x,y,visible")]
    [InlineData("file,x,y\n1.png,1,2\n", "has no column 'name' in its header 'file,x,y'")]
    [InlineData("file,name,x,y\n", "has a header and no row")]
    [InlineData("file,name,x,y\n1.png,a,1,2\n1.png,a,3,4\n", "line 3: 1.png has the keypoint 'a' a second time")]
    [InlineData("file,name,x,y\n1.png,a,one,2\n", "line 2: 'one' is not a number")]
    [InlineData("file,name,x,y\n1.png,,1,2\n", "line 2: it names no keypoint")]
    [InlineData("file,name,x,y\n1.png,a,1\n", "line 2: it has 3 values, but the header names 4 columns")]
    [InlineData("name:keypoints_y:keypoints_x\n", "has a header and no row")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg\n", "line 2: it is not a file and two lists")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg: 1, 2: [3, 4]\n", "line 2: '1, 2' is not a list in brackets")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg: [1, b]: [3, 4]\n", "line 2: 'b' is not a number")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg: [1, 2]: [3]\n", "line 2: 1.jpg has 1 values of x and 2 of y")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg: [1, 2]: [3, 4]\n2.jpg: [1]: [3]\n",
        "line 3: 2.jpg has 1 keypoints, but the first row has 2")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg: []: []\n", "line 2: 1.jpg has 0 keypoints; a pose has from 1 to 64")]
    [InlineData("name:keypoints_y:keypoints_x\n1.jpg: [1]: [3]\n1.jpg: [1]: [3]\n", "line 3: '1.jpg' is named a second time")]
    public void What_is_wrong_is_said_with_its_line(string text, string message) =>
        Assert.Contains(message, Assert.Throws<DataSetException>(() => Read(text)).Message, StringComparison.Ordinal);
}
