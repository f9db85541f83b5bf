namespace GanPipeline.Core.Tests;

public class PoseLayoutTests
{
    [Fact]
    public void A_view_is_four_constant_planes()
    {
        var planes = new byte[4 * 6];
        PoseLayout.View.Write(new(90, -30), planes);
        Assert.Equal([255, 128, 64, 238], new[] { 0, 6, 12, 18 }.Select(at => planes[at]));
        for (var at = 0; at < planes.Length; at++) Assert.Equal(planes[at / 6 * 6], planes[at]);
    }

    [Fact]
    public void A_keypoint_is_a_spot_and_one_that_is_not_there_is_none()
    {
        var layout = PoseLayout.OfKeypoints(["a", "b", "c"], 1.5);
        var planes = new byte[3 * 8 * 10];
        layout.Write([(3.5, 2.5), null, (20, 20)], width: 10, planes);
        for (var y = 0; y < 8; y++)
            for (var x = 0; x < 10; x++)
            {
                var expected = 255 * Math.Exp(-((x - 3) * (x - 3) + (y - 2) * (y - 2)) / 4.5);
                Assert.Equal((byte)(expected + 0.5), planes[y * 10 + x]);
            }
        Assert.Equal(-1, planes.AsSpan(80).IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Layouts_are_read_back_from_JSON()
    {
        var keypoints = PoseLayout.OfKeypoints(["left eye", "\"nose\""], 2.5);
        Assert.Equal("""{"kind":"view"}""", PoseLayout.View.ToJson());
        foreach (var layout in new[] { PoseLayout.View, keypoints })
        {
            Assert.Equal(layout, PoseLayout.FromJson(layout.ToJson()));
            Assert.Equal(layout.GetHashCode(), PoseLayout.FromJson(layout.ToJson()).GetHashCode());
        }
        Assert.NotEqual(PoseLayout.OfKeypoints(["a"], 1), PoseLayout.OfKeypoints(["b"], 1));
        foreach (var wrong in (string[])["", "[]", "{}", """{"kind":"x"}""", """{"kind":"keypoints","names":["a"]}""",
            """{"kind":"keypoints","names":["a"],"radius":0}""", """{"kind":"keypoints","names":[1],"radius":1}"""])
            Assert.Throws<FormatException>(() => PoseLayout.FromJson(wrong));
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        Assert.Contains("from 1 to 64 keypoints; got 0", Fails(() => PoseLayout.OfKeypoints([], 1)));
        Assert.Contains("'a' is named twice", Fails(() => PoseLayout.OfKeypoints(["a", "b", "a"], 1)));
        Assert.Contains("from 0.5 to 32 pixels; got NaN", Fails(() => PoseLayout.OfKeypoints(["a"], double.NaN)));
        Assert.Contains("5 bytes are not 4 planes", Fails(() => PoseLayout.View.Write(new(0, 0), new byte[5])));
        Assert.Contains("The pitch is 91", Fails(() => PoseLayout.View.Write(new(0, 91), new byte[4])));
        var one = PoseLayout.OfKeypoints(["a"], 1);
        Assert.Contains("There are 1 keypoints; got 0", Fails(() => one.Write([], 1, new byte[1])));
        Assert.Contains("are not 1 planes of rows of 2", Fails(() => one.Write([null], 2, new byte[3])));
        Assert.Throws<InvalidOperationException>(() => one.Write(new ViewPose(0, 0), new byte[4]));
        Assert.Throws<InvalidOperationException>(() => PoseLayout.View.Write([null], 1, new byte[1]));

        static string Fails(Action act) => Assert.Throws<ArgumentException>(act).Message;
    }
}
