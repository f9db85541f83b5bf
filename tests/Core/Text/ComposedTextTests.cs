namespace GanPipeline.Core.Tests;

public class ComposedTextTests
{
    [Theory]
    [InlineData("plain.png", "plain.png")]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("Bo\u0308r/A\u030A", "B\u00F6r/\u00C5")]
    [InlineData("\u30AB\u3099\u30AD", "\u30AC\u30AD")] // Japanese: ga, ki
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "\uD55C\uAE00")] // Hangul
    [InlineData("\uD558\u11AB", "\uD55C")] // a syllable and its last letter
    [InlineData("e\u0323\u0302", "\u1EC7")] // Vietnamese, with two marks in both orders, and half composed
    [InlineData("e\u0302\u0323", "\u1EC7")]
    [InlineData("\u00EA\u0323", "\u1EC7")]
    [InlineData("\u03B1\u0313\u0301\u0345", "\u1F84")] // Greek, with three
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("", "")]
    public void Names_that_look_the_same_are_the_same(string name, string composed)
    {
        Assert.Equal(composed, ComposedText.Of(name));
        Assert.Equal(composed, ComposedText.Of(composed));
        Assert.Equal(name, composed, ComposedText.Comparer);
        Assert.Equal(ComposedText.Comparer.GetHashCode(name), ComposedText.Comparer.GetHashCode(composed));
    }
}
