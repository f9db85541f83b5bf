namespace GanPipeline.Inference.Tests;

public class FeatureLayerTests
{
    private static readonly FeatureLayer[] _two = [new("conv1", 3, 4, 4, 0, 8, 8), new("main.conv2", 2, 2, 3, 48, 2, 3)];

    [Fact]
    public void What_is_written_is_read()
    {
        var text = FeatureLayer.Write(_two);
        Assert.StartsWith("""[{"layer":"conv1","channels":3,"height":4,"width":4,"offset":0,""", text, StringComparison.Ordinal);
        Assert.Equal(_two, FeatureLayer.Read(text));
        Assert.Empty(FeatureLayer.Read("[]"));
    }

    [Fact]
    public void A_feature_has_one_position()
    {
        Assert.Equal((0, 0, 0), _two[1].Position(48));
        Assert.Equal((0, 1, 2), _two[1].Position(53));
        Assert.Equal((1, 0, 1), _two[1].Position(55));
        Assert.Contains("48 to 59", Assert.Throws<ArgumentOutOfRangeException>(() => _two[1].Position(60)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => _two[1].Position(47));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"layer":"a"}]""")]
    [InlineData("""[{"layer":"a","channels":1.5,"height":4,"width":4,"offset":0,"mapHeight":4,"mapWidth":4}]""")]
    [InlineData("""[{"layer":"a","channels":1,"height":4,"width":4,"offset":3,"mapHeight":4,"mapWidth":4}]""")]
    [InlineData("""[{"layer":"a","channels":60000,"height":60000,"width":60000,"offset":0,"mapHeight":4,"mapWidth":4}]""")]
    public void Anything_else_is_refused(string text) => Assert.Throws<FormatException>(() => FeatureLayer.Read(text));
}
