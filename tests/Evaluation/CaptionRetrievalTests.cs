namespace GanPipeline.Evaluation.Tests;

/// <summary>R-precision and classes on embeddings whose answers are known.</summary>
public class CaptionRetrievalTests
{
    private const int Count = 400;

    [Fact]
    public void Each_image_that_is_its_caption_finds_it()
    {
        var texts = Random(Count, 16, seed: 1);
        var images = texts.Select(value => value * 3).ToArray(); // lengths do not count
        Assert.All(CaptionRetrieval.FindOwnCaptions(images, texts, 16, Alone(Count)), Assert.True);
        var opposite = texts.Select(value => -value).ToArray();
        Assert.All(CaptionRetrieval.FindOwnCaptions(opposite, texts, 16, Alone(Count)), Assert.False);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Chance_is_one_of_the_candidates(int candidates)
    {
        var (images, texts) = (Random(8 * Count, 16, seed: 1), Random(8 * Count, 16, seed: 2));
        var found = CaptionRetrieval.FindOwnCaptions(images, texts, 16, Alone(8 * Count), candidates);
        // Five standard deviations of a share.
        var (share, chance) = (found.Count(f => f) / (double)found.Count, 1.0 / candidates);
        Assert.InRange(share, chance - 5 * Math.Sqrt(chance / found.Count), chance + 5 * Math.Sqrt(chance / found.Count));
        Assert.Equal(found, CaptionRetrieval.FindOwnCaptions(images, texts, 16, Alone(8 * Count), candidates));
        Assert.NotEqual(found, CaptionRetrieval.FindOwnCaptions(images, texts, 16, Alone(8 * Count), candidates, seed: 1));
    }

    [Fact]
    public void Captions_of_the_own_group_are_no_rivals_and_equal_ones_of_others_are()
    {
        // Two hundred captions, each of two images.
        var one = Random(Count / 2, 16, seed: 3);
        float[] twice = [.. one, .. one];
        int[] groups = [.. Enumerable.Range(0, Count).Select(i => i % (Count / 2))];
        Assert.All(CaptionRetrieval.FindOwnCaptions(twice, twice, 16, groups, candidates: Count - 1), Assert.True);
        Assert.All(CaptionRetrieval.FindOwnCaptions(twice, twice, 16, Alone(Count), candidates: Count), Assert.False);
        var nothing = new float[Count * 16];
        Assert.All(CaptionRetrieval.FindOwnCaptions(nothing, twice, 16, groups), Assert.False);
    }

    [Fact]
    public void Classes_are_the_means_of_their_captions()
    {
        // Captions 10 degrees to both sides of their class; the images of class 1 lie at 60 and 40 degrees, those of class 0 at 0.
        float[] texts = [.. At(10, 5), .. At(-10), .. At(80), .. At(100, 3)];
        float[] images = [.. At(0), .. At(0), .. At(60), .. At(40)];
        Assert.Equal([true, true, true, false], CaptionRetrieval.FindOwnClasses(images, texts, 2, [0, 0, 1, 1]));

        static float[] At(double degrees, float length = 1) =>
            [length * (float)Math.Cos(degrees * Math.PI / 180), length * (float)Math.Sin(degrees * Math.PI / 180)];
    }

    [Fact]
    public void What_cannot_be_compared_is_told()
    {
        var values = Random(10, 4, seed: 1);
        Assert.Contains("99 captions", Fails(values, values, Alone(10)), StringComparison.Ordinal);
        Assert.Contains("9 are of one group", Fails(values, values, [1, .. new int[9]], 3), StringComparison.Ordinal);
        Assert.Contains("got 36", Fails(values, values[..36], Alone(10), 3), StringComparison.Ordinal);
        Assert.Contains("no images", Fails([], [], [], 3), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CaptionRetrieval.FindOwnCaptions(values, values, 4, Alone(10), 1));
        Assert.Contains("got 1", Assert.Throws<ArgumentException>(
            () => CaptionRetrieval.FindOwnClasses(values, values, 4, new int[10])).Message, StringComparison.Ordinal);

        static string Fails(float[] images, float[] texts, int[] groups, int candidates = 100) => Assert.Throws<ArgumentException>(
            () => CaptionRetrieval.FindOwnCaptions(images, texts, 4, groups, candidates)).Message;
    }

    private static int[] Alone(int count) => [.. Enumerable.Range(0, count)];

    private static float[] Random(int count, int size, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * size).Select(_ => random.NextSingle() - 0.5f)];
    }
}
